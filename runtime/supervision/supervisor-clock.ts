/** Time as a supervisor sees it; tests bring their own. */
export interface SupervisorClock {
  /** Milliseconds, never going back. */
  now(): number;
  /** @returns a function that cancels */
  after(milliseconds: number, callback: () => void): () => void;
}
