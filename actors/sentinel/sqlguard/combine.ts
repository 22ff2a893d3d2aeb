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
 * Added to the log-odds of the model. It is calibrated for traffic with one attack in twenty values; real traffic holds
 * far fewer, a body fewer still, a statement composed for the database more. Chosen so that of a million honest values
 * at most ten are blocked as a parameter and none in a body (`bench/sentinel/honest.bench.ts`).
 */
const prior: Readonly<Record<Evidence['surface'], number>> = { query: -3.7, body: -7, sql: 1.8 };

/** A signature below its block threshold adds to the log-odds of the model: its own, and as much as makes 0.5 count. */
const support = 1;
/** Most that such a signature counts alone: values are only logged; what a parser finds odd in a statement slows it down. */
const unsettled: Readonly<Record<Evidence['surface'], number>> = { query: 0.6, body: 0.75, sql: 0.7 };
/** Log-odds at which the model takes such a signature back. */
const refuted = -3;
const farthest = 30;

/**
 * Puts what signatures and model found together. A signature at its block threshold decides alone, and so does a sure
 * model; a signature below its block threshold is only logged, unless the model confirms or refutes it. Pure.
 */
export function combine({ surface, signature, model }: Evidence): Combined {
  const bands = thresholds[surface];
  const signed = signature?.score ?? 0;
  const odds = model === undefined ? undefined : logOdds(model) + prior[surface];
  if (signed >= bands.block)
    return verdict(Math.max(signed, odds === undefined ? 0 : probability(odds)), bands);
  const alone = Math.min(signed, unsettled[surface]);
  if (odds === undefined) return verdict(alone, bands);
  if (signed === 0) return verdict(probability(odds), bands);
  const supported = probability(odds + Math.max(0, logOdds(signed) + support));
  return verdict(odds <= refuted ? supported : Math.max(supported, alone), bands);
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
