import type { FrameKind } from '../protocol/frame-kind.ts';

/** What a seat needs of its cage. */
export interface CageLine {
  readonly pid: number;
  send(kind: FrameKind, slot: number, id: string, body?: Buffer | string): void;
  nextId(): string;
  /** True while the process does not take what was sent to it. */
  readonly blocked: boolean;
  /** Wakes the seat at that time, by its `expire`. */
  wakeAt(time: number): void;
  /** The seat is empty; `tainted` when its isolate failed in a way that others may feel. */
  vacated(slot: number, tainted: boolean): void;
}
