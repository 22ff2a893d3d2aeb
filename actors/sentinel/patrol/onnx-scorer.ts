import type { InferenceSession } from 'onnxruntime-node';
import { NativeSection } from '../../../runtime/placement/native-section.ts';
import { emptyBucket } from '../learning/feature-layout.ts';
import type { Features } from '../learning/features.ts';
import type { OnnxRuntime } from './onnx-runtime.ts';
import type { Scorer } from './scorer.ts';

type Runtime = NonNullable<OnnxRuntime['runtime']>;

/**
 * A model in onnxruntime. One thread: the workers are what runs side by side. Its native code is never cut off
 * (`NativeSection`).
 */
export class OnnxScorer implements Scorer {
  private readonly runtime: Runtime;
  private readonly session: InferenceSession;

  private constructor(runtime: Runtime, session: InferenceSession) {
    this.runtime = runtime;
    this.session = session;
  }

  /** @throws Error when the bytes are no model that the runtime can load */
  static async load(runtime: Runtime, model: Uint8Array): Promise<OnnxScorer> {
    const options: InferenceSession.SessionOptions = {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      executionMode: 'sequential',
      graphOptimizationLevel: 'all',
      logSeverityLevel: 4,
    };
    const create = () => runtime.InferenceSession.create(model, options);
    return new OnnxScorer(runtime, await NativeSection.here.run(create));
  }

  /** All windows in one run: the caller keeps it short. */
  async score(windows: readonly Features[]): Promise<Float32Array> {
    if (windows.length === 0) return new Float32Array(0);
    let longest = 1;
    for (const { indices } of windows) longest = Math.max(longest, indices.length);
    const indices = new Int32Array(windows.length * longest).fill(emptyBucket);
    const scale = new Float32Array(windows.length);
    const places = windows[0]!.statistics.length;
    const told = new Float32Array(windows.length * places);
    for (let row = 0; row < windows.length; row += 1) {
      const window = windows[row]!;
      indices.set(window.indices, row * longest);
      scale[row] = window.scale;
      told.set(window.statistics, row * places);
    }
    const { Tensor } = this.runtime;
    const feeds = {
      indices: new Tensor('int32', indices, [windows.length, longest]),
      scale: new Tensor('float32', scale, [windows.length, 1]),
      statistics: new Tensor('float32', told, [windows.length, places]),
    };
    const { score } = await NativeSection.here.run(() => this.session.run(feeds));
    return score!.data as Float32Array;
  }

  async release(): Promise<void> {
    await NativeSection.here.run(() => this.session.release());
  }
}
