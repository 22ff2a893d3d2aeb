export interface DroneArgs {
  /** Counters in shared memory; see `tally.ts`. */
  readonly counts: SharedArrayBuffer;
  /** Has a child `kid`. */
  readonly kid?: boolean;
}

export interface DroneProtocol {
  work(request: { readonly text: string; readonly told?: boolean }): string;
  /** Awaits before it answers. */
  slow(request: { readonly ms: number }): string;
  /** Asks another. */
  pass(request: { readonly to: string }): string;
  /** Makes a child, asks it and stops it. */
  brood(request: null): string;
  publish(number: number): void;
  end(how: 'thread' | 'defect' | 'uncaught' | 'exit'): void;
}
