import type { Features } from './features.ts';
import type { Network } from './network.ts';

/** How much each bucket and each statistic of a window raises the logit. */
export interface ScoreShares {
  /** In the order of `indices`. */
  readonly buckets: Float32Array;
  /** In the order of `statistics`. */
  readonly statistics: Float32Array;
}

/** Gradient times input at the point where the window is. */
export function scoreShares(network: Network, features: Features): ScoreShares {
  const [width, second, third] = network.widths;
  const first = Float32Array.from(network.bias1);
  for (const bucket of features.indices) {
    for (let unit = 0; unit < width; unit += 1)
      first[unit]! += network.embedding[bucket * width + unit]! * features.scale;
  }
  for (const [row, value] of features.statistics.entries()) {
    for (let unit = 0; unit < width; unit += 1)
      first[unit]! += network.statistics[row * width + unit]! * value;
  }
  const units2 = forward(first, network.weights2, network.bias2);
  const units3 = forward(units2, network.weights3, network.bias3);
  const gradient3 = network.weights4.map((weight, unit) => (units3[unit]! > 0 ? weight : 0));
  const gradient2 = backward(gradient3, network.weights3, units2, second, third);
  const gradient = backward(gradient2, network.weights2, first, width, second);
  const share = (rows: Float32Array, row: number): number => {
    let sum = 0;
    for (let unit = 0; unit < width; unit += 1) sum += rows[row * width + unit]! * gradient[unit]!;
    return sum;
  };
  return {
    buckets: Float32Array.from(
      features.indices,
      (bucket) => share(network.embedding, bucket) * features.scale,
    ),
    statistics: features.statistics.map((value, row) => share(network.statistics, row) * value),
  };
}

function forward(input: Float32Array, weights: Float32Array, bias: Float32Array): Float32Array {
  const out = Float32Array.from(bias);
  for (const [row, value] of input.entries()) {
    if (value <= 0) continue;
    for (let unit = 0; unit < out.length; unit += 1) out[unit]! += value * weights[row * out.length + unit]!;
  }
  return out;
}

function backward(
  gradient: Float32Array,
  weights: Float32Array,
  units: Float32Array,
  rows: number,
  width: number,
): Float32Array {
  const out = new Float32Array(rows);
  for (let row = 0; row < rows; row += 1) {
    if (units[row]! <= 0) continue;
    for (let unit = 0; unit < width; unit += 1) out[row]! += weights[row * width + unit]! * gradient[unit]!;
  }
  return out;
}
