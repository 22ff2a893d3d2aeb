import type { Features } from './features.ts';

/** Weights of one model, as plain numbers. Matrices are row by row, a row for each input. */
export interface Network {
  /** Width of the first, second and third layer. */
  readonly widths: readonly [number, number, number];
  /** One row for each bucket and an empty one. */
  readonly embedding: Float32Array;
  readonly statistics: Float32Array;
  readonly bias1: Float32Array;
  readonly weights2: Float32Array;
  readonly bias2: Float32Array;
  readonly weights3: Float32Array;
  readonly bias3: Float32Array;
  readonly weights4: Float32Array;
  readonly bias4: Float32Array;
}

/**
 * What the exported graph computes, in plain TypeScript: the trainer, the explanation of a verdict and the test of the
 * export use it.
 * @returns the logit; `1 / (1 + exp(-logit))` is the score
 */
export function forwardPass(network: Network, features: Features): number {
  const { widths, embedding, bias1 } = network;
  const [width] = widths;
  const first = new Float32Array(width);
  for (const bucket of features.indices) {
    const row = bucket * width;
    for (let unit = 0; unit < width; unit += 1) first[unit]! += embedding[row + unit]!;
  }
  for (let unit = 0; unit < width; unit += 1) first[unit] = first[unit]! * features.scale + bias1[unit]!;
  addProduct(features.statistics, network.statistics, first);
  const second = Float32Array.from(network.bias2);
  addProduct(rectify(first), network.weights2, second);
  const third = Float32Array.from(network.bias3);
  addProduct(rectify(second), network.weights3, third);
  const out = Float32Array.from(network.bias4);
  addProduct(rectify(third), network.weights4, out);
  return out[0]!;
}

function rectify(values: Float32Array): Float32Array {
  for (let at = 0; at < values.length; at += 1) if (values[at]! < 0) values[at] = 0;
  return values;
}

function addProduct(input: Float32Array, weights: Float32Array, out: Float32Array): void {
  const width = out.length;
  for (let row = 0; row < input.length; row += 1) {
    const value = input[row]!;
    if (value === 0) continue;
    for (let unit = 0; unit < width; unit += 1) out[unit]! += value * weights[row * width + unit]!;
  }
}
