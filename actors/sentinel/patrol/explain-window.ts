import type { ReasonFeature } from '../../../runtime/protocol/sentinel.protocol.ts';
import { statistics as names } from '../learning/feature-layout.ts';
import type { Features } from '../learning/features.ts';
import type { Network } from '../learning/network.ts';
import { statementFacts } from '../learning/statement-fact-names.ts';

const mostFeatures = 5;

/** Statistics and buckets that raised the score of a window most: gradient times input. */
export function explainWindow(network: Network, features: Features): readonly ReasonFeature[] {
  const gradient = gradientOfFirst(network, features);
  const [width] = network.widths;
  const shares: { feature: string; share: number }[] = [];
  const share = (rows: Float32Array, row: number): number => {
    let sum = 0;
    for (let unit = 0; unit < width; unit += 1) sum += rows[row * width + unit]! * gradient[unit]!;
    return sum;
  };
  for (const bucket of features.indices) {
    const value = share(network.embedding, bucket) * features.scale;
    if (value > 0) shares.push({ feature: `n-gram ${bucket}`, share: value });
  }
  for (const [at, statistic] of features.statistics.entries()) {
    const value = share(network.statistics, at) * statistic;
    if (value > 0) shares.push({ feature: nameOf(at), share: value });
  }
  const total = shares.reduce((sum, one) => sum + one.share, 0);
  return shares
    .toSorted((a, b) => b.share - a.share)
    .slice(0, mostFeatures)
    .map(({ feature, share: value }) => ({ feature, weight: Math.round((value / total) * 1000) / 1000 }));
}

/** Statistics of both models come first, then the facts of whole statements. */
function nameOf(statistic: number): string {
  return names[statistic] ?? statementFacts[statistic - names.length] ?? `statistic ${statistic}`;
}

/** Derivative of the logit by the first layer's units. */
function gradientOfFirst(network: Network, features: Features): Float32Array {
  const [width, second, third] = network.widths;
  const units1 = Float32Array.from(network.bias1);
  for (const bucket of features.indices) {
    for (let unit = 0; unit < width; unit += 1) {
      units1[unit]! += network.embedding[bucket * width + unit]! * features.scale;
    }
  }
  for (const [row, value] of features.statistics.entries()) {
    for (let unit = 0; unit < width; unit += 1)
      units1[unit]! += network.statistics[row * width + unit]! * value;
  }
  const units2 = layer(units1, network.weights2, network.bias2);
  const units3 = layer(units2, network.weights3, network.bias3);
  const gradient3 = network.weights4.map((weight, unit) => (units3[unit]! > 0 ? weight : 0));
  const gradient2 = backward(gradient3, network.weights3, units2, second, third);
  return backward(gradient2, network.weights2, units1, width, second);
}

function layer(input: Float32Array, weights: Float32Array, bias: Float32Array): Float32Array {
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
