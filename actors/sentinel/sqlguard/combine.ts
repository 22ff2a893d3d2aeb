import { thresholds } from './thresholds.ts';

/** What is known of a value: either, both or nothing. */
export interface Evidence {
  readonly surface: keyof typeof thresholds;
  /** The worst signature that matched, with its score for this surface. */
  readonly signature: { readonly score: number; readonly name: string } | undefined;
  /** The calibrated score of the model; undefined when it was not asked or could not answer. */
  readonly model: number | undefined;
}

/** How sure the verdict is. */
export type Band = 'none' | 'low' | 'medium' | 'high' | 'critical';
/** What is done about a value; simulate mode only reports it. */
export type Action = 'allow' | 'log' | 'throttle' | 'block' | 'escalate';

/** The score that is acted on, 0 to 1, with its band. */
export interface Combined {
  readonly score: number;
  readonly band: Band;
  readonly action: Action;
}

/**
 * Added to the log-odds of the model. It is calibrated for traffic with one attack in twenty values: a body holds far
 * fewer, a statement that was composed for the database more.
 */
const prior: Readonly<Record<Evidence['surface'], number>> = { query: 0.35, body: -7, sql: 1.3 };

/** Log-odds that a signature below its block threshold adds to those of the model, and most that it may. */
const supportWeight = 1;
/** A model this sure of nothing takes a signature below its block threshold back: log-odds. */
const refuted = -3;
const farthest = 30;

/**
 * Puts what signatures and model found together. A signature at its block threshold decides alone, and so does a sure
 * model; a signature below its block threshold is confirmed or refuted by the model. Pure.
 * @returns the signature's score alone where the model did not answer
 */
export function combine({ surface, signature, model }: Evidence): Combined {
  const bands = thresholds[surface];
  const signed = signature?.score ?? 0;
  if (model === undefined) return verdict(signed, bands);
  const odds = logOdds(model) + prior[surface];
  if (signed === 0) return verdict(probability(odds), bands);
  if (signed >= bands.block) return verdict(Math.max(signed, probability(odds)), bands);
  const supported = probability(odds + supportWeight * Math.max(0, logOdds(signed) + 1));
  return verdict(odds <= refuted ? supported : Math.max(supported, Math.min(signed, bands.throttle)), bands);
}

function verdict(score: number, bands: (typeof thresholds)['query']): Combined {
  if (score >= bands.escalate) return { score, band: 'critical', action: 'escalate' };
  if (score >= bands.block) return { score, band: 'high', action: 'block' };
  if (score >= bands.throttle) return { score, band: 'medium', action: 'throttle' };
  if (score >= bands.log) return { score, band: 'low', action: 'log' };
  return { score, band: 'none', action: 'allow' };
}

function logOdds(score: number): number {
  const odds = Math.log(score / (1 - score));
  return Math.max(-farthest, Math.min(farthest, odds));
}

function probability(odds: number): number {
  return 1 / (1 + Math.exp(-odds));
}
