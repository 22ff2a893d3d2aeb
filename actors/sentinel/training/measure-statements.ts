import { FeatureExtractor } from '../learning/feature-extractor.ts';
import { forwardPass, type Network } from '../learning/network.ts';
import { injectIntoStatement } from './embed-in-statement.ts';
import type { Measured } from './measured.ts';
import type { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';
import { sampleRows } from './sample-rows.ts';

const injectedPerSource = 800;

/** Measures held statements, and held payloads put into held statements. */
export function measureStatements(
  network: Network,
  held: readonly TrainingRow[],
  random: Random,
): Measured[] {
  const extractor = new FeatureExtractor('statements');
  const measure = (row: TrainingRow, text: string, check: Measured['check']): Measured => ({
    text,
    attack: row.attack,
    source: row.source,
    check,
    logit: Math.max(...extractor.extract(text).map((window) => forwardPass(network, window))),
    signature: 0,
    bodySignature: 0,
    asked: true,
    bodyAsked: true,
  });
  const own = held.filter(({ kind }) => kind === 'query');
  const out = own.map((row) => measure(row, row.text, 'row'));
  const attacks = held.filter(({ attack, kind }) => attack && kind === 'param');
  const templates = own.filter(({ attack }) => !attack);
  for (const row of sampleRows(attacks, templates.length === 0 ? 0 : injectedPerSource, random)) {
    const text = injectIntoStatement(random.pick(templates).text, row.text, random);
    if (text !== undefined) out.push(measure(row, text, 'injected'));
  }
  return out;
}
