import type { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';

/** Rows of one source that are used; the big ones are two families of attacks. */
const mostRows = 7000;

/** At most 7,000 rows of each source and kind, chosen by chance. */
export function limitRows(rows: readonly TrainingRow[], random: Random): TrainingRow[] {
  const bySource = new Map<string, TrainingRow[]>();
  for (const row of rows) {
    if (row.spare) continue;
    const key = row.source + row.attack;
    const list = bySource.get(key) ?? [];
    if (list.length === 0) bySource.set(key, list);
    list.push(row);
  }
  return [...bySource.values()].flatMap((list) => random.shuffle(list).slice(0, mostRows));
}
