import { FeatureExtractor, type ModelKind } from '../learning/feature-extractor.ts';
import type { Features } from '../learning/features.ts';
import { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';
import { statementExamples } from './statement-examples.ts';
import { valueExamples } from './value-examples.ts';

/** What the trainer sees of a row. */
export interface Example {
  readonly windows: readonly Features[];
  readonly attack: boolean;
  readonly weight: number;
}

/**
 * Examples to train one model on: the rows, weighted so that a big source does not drown the others, mutated and
 * encoded copies of both kinds, and honest text of our own grammar.
 */
export function makeExamples(rows: readonly TrainingRow[], kind: ModelKind, seed: number): Example[] {
  const random = new Random(seed);
  const extractor = new FeatureExtractor(kind);
  const texts = kind === 'values' ? valueExamples(rows, random) : statementExamples(rows, random);
  const totals = new Map<string, number>();
  for (const { source, attack } of texts) totals.set(source + attack, (totals.get(source + attack) ?? 0) + 1);
  let attacks = 0;
  let honest = 0;
  const weigh = ({ source, attack }: TrainingRow): number => 1 / Math.sqrt(totals.get(source + attack)!);
  for (const row of texts) {
    if (row.attack) attacks += weigh(row);
    else honest += weigh(row);
  }
  // As much weight for the attacks as for half of the honest text: a false alarm is the worse fault.
  const attackFactor = texts.length / 3 / attacks;
  const honestFactor = (texts.length * 2) / 3 / honest;
  return texts.map((row) => ({
    windows: extractor.extract(row.text),
    attack: row.attack,
    weight: weigh(row) * (row.attack ? attackFactor : honestFactor),
  }));
}
