/** What a model reads of one window of a text. */
export interface Features {
  /** Buckets that occur, each once. */
  readonly indices: Int32Array;
  /** What the sum over the buckets is multiplied with, so that long windows do not shout. */
  readonly scale: number;
  /** See `feature-layout.ts`. */
  readonly statistics: Float32Array;
}
