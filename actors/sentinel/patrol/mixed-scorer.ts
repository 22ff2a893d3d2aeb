import type { Features } from '../learning/features.ts';
import type { Scorer } from './scorer.ts';

/** What a window costs besides its buckets, in buckets. */
const windowCost = 64;
/**
 * Up to this cost plain TypeScript is done before onnxruntime has been called: 5 to 40 µs, a call of onnxruntime is 25 µs
 * and a turn of the event loop.
 */
const mostPlainCost = 350;

/** Few windows in plain TypeScript, more in onnxruntime: the same network, whichever is quicker. */
export class MixedScorer implements Scorer {
  private readonly few: Scorer;
  private readonly many: Scorer;

  constructor(few: Scorer, many: Scorer) {
    this.few = few;
    this.many = many;
  }

  score(windows: readonly Features[]): Promise<Float32Array> {
    let cost = windows.length * windowCost;
    for (const { indices } of windows) cost += indices.length;
    return (cost <= mostPlainCost ? this.few : this.many).score(windows);
  }

  async release(): Promise<void> {
    await this.few.release();
    await this.many.release();
  }
}
