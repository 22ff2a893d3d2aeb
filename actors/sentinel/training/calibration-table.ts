import type { HeldLogit } from './calibrate.ts';
import { calibrationWeights } from './calibrate.ts';

/** One band of scores: what was said, and what was so. */
export interface CalibrationBand {
  readonly from: number;
  readonly to: number;
  readonly texts: number;
  readonly attacks: number;
  /** Of the weighted traffic (mostly honest). */
  readonly meanScore: number;
  readonly attackShare: number;
  readonly weight: number;
}

const edges = [0, 0.05, 0.25, 0.5, 0.7, 0.85, 0.95, 0.99, 1] as const;

/**
 * What scores mean, band by band, and the expected calibration error over ten equal bins.
 * @param held calibrated logits of texts that neither the network nor the calibration had seen
 */
export function calibrationTable(held: readonly HeldLogit[]): {
  readonly bands: readonly CalibrationBand[];
  readonly ece: number;
  /** The same with each text counting once. */
  readonly eceOfRows: number;
} {
  const weights = calibrationWeights(held);
  const ones = new Float64Array(held.length).fill(1 / held.length);
  const bands = edges.slice(0, -1).map((from, at) => band(held, weights, from, edges[at + 1]!));
  return { bands, ece: error(held, weights), eceOfRows: error(held, ones) };
}

function band(held: readonly HeldLogit[], weights: Float64Array, from: number, to: number): CalibrationBand {
  let texts = 0;
  let attacks = 0;
  let weight = 0;
  let scores = 0;
  let attackWeight = 0;
  for (const [at, { logit, attack }] of held.entries()) {
    const score = 1 / (1 + Math.exp(-logit));
    if (score < from || (score >= to && to < 1)) continue;
    texts += 1;
    weight += weights[at]!;
    scores += weights[at]! * score;
    if (!attack) continue;
    attacks += 1;
    attackWeight += weights[at]!;
  }
  const whole = weight === 0 ? 1 : weight;
  return { from, to, texts, attacks, meanScore: scores / whole, attackShare: attackWeight / whole, weight };
}

function error(held: readonly HeldLogit[], weights: Float64Array): number {
  let sum = 0;
  const bins = 10;
  const gaps = new Float64Array(bins);
  for (const [at, { logit, attack }] of held.entries()) {
    const score = 1 / (1 + Math.exp(-logit));
    gaps[Math.min(bins - 1, Math.floor(score * bins))]! += weights[at]! * (score - (attack ? 1 : 0));
  }
  for (const gap of gaps) sum += Math.abs(gap);
  return sum;
}
