import type { ModelKind } from '../learning/feature-extractor.ts';
import type { Network } from '../learning/network.ts';
import { type Example, makeExamples } from './examples.ts';
import { hardenValues } from './harden-values.ts';
import type { TrainingRow } from './read-training-rows.ts';
import { trainNetwork } from './trainer.ts';

/** Passes over the examples. */
export const epochs: Readonly<Record<ModelKind, number>> = { values: 3, statements: 4 };

/** Adds to the examples of a training, or takes some away. */
export type AmendExamples = (examples: readonly Example[], kind: ModelKind) => readonly Example[];

/** Trains the network of one model; that of values against a fuzzer, and against honest text that looks like attacks. */
export function trainKind(
  rows: readonly TrainingRow[],
  kind: ModelKind,
  seed: number,
  amend: AmendExamples,
): Network {
  const examples = amend(makeExamples(rows, kind, seed), kind);
  return trainNetwork(examples, seed, epochs[kind], kind === 'values' ? hardenValues(rows, seed) : undefined);
}
