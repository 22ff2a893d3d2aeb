import type { RestartType } from '../supervision/restart-type.ts';

/** How a child is started. */
export interface SpawnOptions<Args> {
  /** Unique among its siblings, lower-case words joined by hyphens; without it the child gets a number. */
  readonly name?: string;
  /** Handed to `init`. */
  readonly args?: Args;
  /** Times its messages for `magflock top`, which costs memory and some time; parts are always timed. */
  readonly metered?: boolean;
  /** What follows its end: `temporary` (default) nothing, `transient` a restart after a crash, `permanent` always. */
  readonly restart?: RestartType;
}
