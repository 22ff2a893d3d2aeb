/** Timers that belong to one incarnation of an actor and end with it. Callbacks run as messages of the actor. */
export interface Timers {
  /** Runs `callback` once after `milliseconds`; returns a function that cancels it. */
  after(milliseconds: number, callback: () => void | Promise<void>): () => void;
  /** Runs `callback` every `milliseconds`, never twice at the same time; returns a function that cancels it. */
  every(milliseconds: number, callback: () => void | Promise<void>): () => void;
}
