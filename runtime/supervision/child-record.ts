import type { PartStatus } from '../protocol/motherboard.protocol.ts';
import type { Backoff } from './backoff.ts';
import type { ChildEnd, ChildLife } from './child-life.ts';
import type { Intensity } from './intensity.ts';
import type { RestartType } from './restart-type.ts';

/** Operations in one lane never overlap; at most one restart waits in it. */
export interface Lane {
  queue: Promise<void>;
  cancelRestart: (() => void) | undefined;
  /** Counts failures, so that a restart under way sees that a later one has taken over. */
  turn: number;
}

/** How a child is to be supervised. */
export interface ChildPolicy {
  /** Unique under its supervisor. */
  readonly id: string;
  /** Default `permanent`. */
  readonly restart?: RestartType;
  /** Its own end, when it is not restarted, may end the supervisor. */
  readonly significant?: boolean;
  /** When false, the supervisor starts without it. Default true. */
  readonly required?: boolean;
  /** Milliseconds it gets to start before it is killed; default none, it keeps its own. */
  readonly startMs?: number;
  /** Milliseconds it gets to stop before it is killed, 0 to kill it at once; default none, it keeps its own. */
  readonly stopMs?: number;
}

/** What a supervisor knows of one child. */
export interface ChildRecord extends Lane {
  readonly policy: ChildPolicy;
  readonly life: ChildLife;
  readonly backoff: Backoff;
  /** Counts its own failures; those of a supervisor that escalates are counted together. */
  readonly intensity: Intensity;
  state: PartStatus['state'];
  incarnation: number;
  restarts: number;
  /** Milliseconds of the supervisor's clock; undefined while not ready. */
  readySince: number | undefined;
  startedAt: string | undefined;
  lastError: string | undefined;
  /** When it failed, until it is back. */
  failedAt: number | undefined;
  /** Milliseconds it was down after failures, up to the last time it was back. */
  downMs: number;
  /** Failures in a row after none of which it stayed up. */
  unrecovered: number;
  /** Present while it starts: gives the start up. */
  giveUp: ((reason: Error) => void) | undefined;
  /** It ended while its start was not yet over. */
  endedEarly: ChildEnd | undefined;
  /** Present while it is being stopped in order to be restarted with a sibling. */
  halting: Promise<unknown> | undefined;
  /** Present while it is being stopped for good. */
  stopping: Promise<'stopped' | 'killed'> | undefined;
}
