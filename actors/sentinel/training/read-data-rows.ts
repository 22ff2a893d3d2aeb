import type { TrainingRow } from './read-training-rows.ts';
import { isReserved } from './reserved-sources.ts';
import { readListed, type TrainingFile } from './training-files.ts';

interface StoredRow {
  readonly text: string;
  readonly label: string;
  readonly kind: 'param' | 'query';
  readonly source: string;
}

/**
 * Rows of the data files on a list: SQL injection and honest text. Other attacks and doubtful rows are left out, and
 * rows that a file took from a source that is kept for evaluation (libinjection's list has some of sqlmap).
 */
export function readDataRows(list: readonly TrainingFile[]): TrainingRow[] {
  const rows: TrainingRow[] = [];
  for (const { path, source } of list) {
    if (!path.endsWith('.ndjson')) continue;
    for (const line of readListed(path, list).split('\n')) {
      if (line === '') continue;
      const row = JSON.parse(line) as StoredRow;
      if ((row.label !== 'sqli' && row.label !== 'benign') || isReserved(row.source)) continue;
      rows.push({ text: row.text, attack: row.label === 'sqli', source, kind: row.kind });
    }
  }
  return rows;
}
