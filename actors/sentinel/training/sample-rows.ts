import type { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';

/** Some rows of each source. */
export function sampleRows(rows: readonly TrainingRow[], perSource: number, random: Random): TrainingRow[] {
  const bySource = Map.groupBy(rows, ({ source }) => source);
  return [...bySource.values()].flatMap((list) => random.shuffle(list).slice(0, perSource));
}
