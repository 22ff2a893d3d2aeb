import type { Features } from '../learning/features.ts';
import { forwardPass, type Network } from '../learning/network.ts';
import type { Scorer } from './scorer.ts';

/** A model computed in plain TypeScript: where onnxruntime has no library for this machine. */
export class PlainScorer implements Scorer {
  private readonly network: Network;

  constructor(network: Network) {
    this.network = network;
  }

  async score(windows: readonly Features[]): Promise<Float32Array> {
    return Float32Array.from(windows, (window) => 1 / (1 + Math.exp(-forwardPass(this.network, window))));
  }

  async release(): Promise<void> {}
}
