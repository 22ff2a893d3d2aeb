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

/** Share of the weight that attacks have. A false alarm is the worse fault; for values honest text is sought out later. */
const attackShare: Readonly<Record<ModelKind, number>> = { values: 0.42, statements: 1 / 3 };

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
  const share = attackShare[kind];
  const attackFactor = (texts.length * share) / attacks;
  const honestFactor = (texts.length * (1 - share)) / honest;
  return texts.map((row) => ({
    windows: extractor.extract(row.text),
    attack: row.attack,
    weight: weigh(row) * (row.attack ? attackFactor : honestFactor),
  }));
}
