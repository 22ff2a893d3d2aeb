import type { ModelKind } from '../learning/feature-extractor.ts';
import type { Network } from '../learning/network.ts';
import { measureStatements } from './measure-statements.ts';
import { measureValues } from './measure-values.ts';
import type { Measured } from './measured.ts';
import { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';

/** Measures the held rows of a fold, as they are, and those attacks that are found then in other spellings. */
export function measureFold(
  network: Network,
  held: readonly TrainingRow[],
  kind: ModelKind,
  seed: number,
): Measured[] {
  const random = new Random(seed);
  return kind === 'values' ? measureValues(network, held, random) : measureStatements(network, held, random);
}
