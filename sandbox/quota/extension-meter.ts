import type { ExtensionUsage } from '../../runtime/protocol/extensions.protocol.ts';
import type { LimitName, LimitPolicy } from './limits.ts';

/** Counts what one extension uses, and says no at its limits. */
export interface ExtensionMeter {
  /**
   * A call begins.
   * @throws MF664 (details: limit, max) over calls per second, concurrent calls, or processor time per minute
   */
  begin(): void;
  /** It ended; `cpuMicros` counts for the minute. */
  end(cpuMicros: number, failed: boolean): void;
  /** A system call. Throws MF664 over `messagesPerSecond`. */
  syscall(): void;
  /**
   * Rows count per call; egress per minute; disk is a level, with negative amounts given back. Throws MF664.
   * @param before rows that the same call has spent already; default 0
   */
  spend(quota: 'rows' | 'egress' | 'disk', amount: number, before?: number): void;
  /** False when the line is one too many this minute: drop it. */
  logLine(): boolean;
  /** Something outside the meter went over a limit: memory, processor time of a call. */
  exceeded(limit: LimitName, value: number): void;
  vitals(heapBytes: number): void;
  usage(): ExtensionUsage;
}

/** Told by a meter when a limit was exceeded, at most once a second per limit. */
export type LimitListener = (facts: {
  readonly limit: LimitName;
  readonly value: number;
  readonly max: number;
  /** What is to happen now: it grows from throttle to restart to quarantine when it goes on. */
  readonly policy: LimitPolicy;
}) => void;
