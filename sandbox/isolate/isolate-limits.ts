/** Bounds of one isolate that no extension can move. */
export const isolateLimits = {
  /** Characters of the source of a guest. */
  source: 8 * 1024 * 1024,
  /** Bytes of one answer, or of the arguments or the result of one system call. */
  payloadBytes: 4 * 1024 * 1024,
  /** Characters of the details of an error. */
  errorDetails: 64 * 1024,
  /** Arrays and objects in each other, in anything that leaves. */
  depth: 64,
  /** Characters of one line of the log. */
  logText: 8 * 1024,
  /** Calls under way. */
  calls: 1024,
  timers: 64,
  /** Longest time of one timer, milliseconds. */
  timerMs: 60_000,
  /** Things that are handed in at once. */
  batch: 256,
  /** Share of the processor time of one call that what is handed in at once should use. */
  batchShare: 0.25,
  /** Characters of the answers to what is handed in at once, about. */
  batchAnswers: 1024 * 1024,
  /** Calls that must have been short before an isolate runs on the main thread. */
  shortCalls: 20,
  /**
   * Most processor time of a call that may run on the main thread, milliseconds. It is cut off after twice that, which
   * must stay below the time that a silent process is given.
   */
  hereMs: 200,
  /** What short means, milliseconds. */
  shortMs: 2,
  /** What long means, milliseconds. */
  longMs: 10,
  /** How long an isolate stays off the main thread after a long call, milliseconds. */
  longPenaltyMs: 60_000,
  /** Smallest memory that the engine takes, megabytes. */
  minMemoryMegabytes: 8,
} as const;
