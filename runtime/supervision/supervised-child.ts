import type { PartStatus } from '../protocol/motherboard.protocol.ts';
import type { Backoff } from './backoff.ts';
import type { ChildSpec } from './child-spec.ts';
import type { Intensity } from './intensity.ts';

/** What a supervisor knows of one child. */
export interface SupervisedChild {
  readonly spec: ChildSpec;
  readonly backoff: Backoff;
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
  /** Its mailbox makes senders wait for credits. */
  waits: boolean;
  restartTimer: (() => void) | undefined;
  /** Operations on one child never overlap. */
  queue: Promise<void>;
}
