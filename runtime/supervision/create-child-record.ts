import { Backoff, type BackoffOptions } from './backoff.ts';
import type { ChildLife } from './child-life.ts';
import type { ChildPolicy, ChildRecord } from './child-record.ts';
import { Intensity, type IntensityOptions } from './intensity.ts';

/** A child that has not been started. */
export function createChildRecord(
  policy: ChildPolicy,
  life: ChildLife,
  options: {
    readonly backoff?: BackoffOptions | undefined;
    readonly intensity?: IntensityOptions | undefined;
  } = {},
): ChildRecord {
  return {
    policy,
    life,
    backoff: new Backoff(options.backoff),
    intensity: new Intensity(options.intensity),
    queue: Promise.resolve(),
    cancelRestart: undefined,
    turn: 0,
    state: 'stopped',
    incarnation: 0,
    restarts: 0,
    readySince: undefined,
    startedAt: undefined,
    lastError: undefined,
    failedAt: undefined,
    downMs: 0,
    unrecovered: 0,
    giveUp: undefined,
    endedEarly: undefined,
    halting: undefined,
    stopping: undefined,
  };
}
