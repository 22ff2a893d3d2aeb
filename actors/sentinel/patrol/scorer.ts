import type { Features } from '../learning/features.ts';

/** Computes one model. Two of them give the same scores but for the last digits of a float. */
export interface Scorer {
  /** @returns the calibrated score of each window, 0 to 1 */
  score(windows: readonly Features[]): Promise<Float32Array>;
  release(): Promise<void>;
}
