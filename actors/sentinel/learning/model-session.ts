import { InferenceSession, Tensor } from 'onnxruntime-node';
import { emptyBucket } from './feature-layout.ts';
import type { Features } from './features.ts';

/** One model loaded into onnxruntime. Runs on the thread that asks: workers are what makes it parallel. */
export class ModelSession {
  private readonly session: InferenceSession;

  private constructor(session: InferenceSession) {
    this.session = session;
  }

  /** @throws Error when the bytes are no model that the runtime can load */
  static async load(model: Uint8Array): Promise<ModelSession> {
    return new ModelSession(
      await InferenceSession.create(model, {
        intraOpNumThreads: 1,
        interOpNumThreads: 1,
        executionMode: 'sequential',
        graphOptimizationLevel: 'all',
        logSeverityLevel: 3,
      }),
    );
  }

  /**
   * Scores texts, each by the worst of its windows.
   * @param texts the windows of each, of `FeatureExtractor.extract`
   */
  async score(texts: readonly (readonly Features[])[]): Promise<number[]> {
    const windows = texts.flat();
    if (windows.length === 0) return texts.map(() => 0);
    let longest = 1;
    for (const { indices } of windows) longest = Math.max(longest, indices.length);
    const indices = new Int32Array(windows.length * longest).fill(emptyBucket);
    const scale = new Float32Array(windows.length);
    // The two models read statistics of different length.
    const places = windows[0]!.statistics.length;
    const told = new Float32Array(windows.length * places);
    for (const [row, window] of windows.entries()) {
      indices.set(window.indices, row * longest);
      scale[row] = window.scale;
      told.set(window.statistics, row * places);
    }
    const { score } = await this.session.run({
      indices: new Tensor('int32', indices, [windows.length, longest]),
      scale: new Tensor('float32', scale, [windows.length, 1]),
      statistics: new Tensor('float32', told, [windows.length, places]),
    });
    const scores = score!.data as Float32Array;
    let at = 0;
    return texts.map((text) => {
      let worst = 0;
      for (let window = 0; window < text.length; window += 1) {
        worst = Math.max(worst, scores[at]!);
        at += 1;
      }
      return worst;
    });
  }

  async release(): Promise<void> {
    await this.session.release();
  }
}
