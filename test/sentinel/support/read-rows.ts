import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** One row of the data that lies beside the repository. */
export interface Row {
  readonly text: string;
  readonly label: string;
  readonly source: string;
  readonly kind: 'param' | 'query';
}

const folder = fileURLToPath(new URL('../../../../shared/data/sentinel/train/', import.meta.url));

/** Whether the data is there. It is read in place and never copied into the repository. */
export function hasRows(): boolean {
  return existsSync(folder);
}

/** Where it is looked for. */
export const rowsFolder = folder;

/** The files of the data, each with its rows of the wanted labels. */
export function readRows(
  labels: readonly string[] = ['sqli', 'benign'],
): ReadonlyMap<string, readonly Row[]> {
  const files = new Map<string, readonly Row[]>();
  for (const name of readdirSync(folder).sort()) {
    if (!name.endsWith('.ndjson')) continue;
    const rows = readFileSync(folder + name, 'utf8')
      .split('\n')
      .filter((line) => line.length > 0)
      .map((line) => JSON.parse(line) as Row)
      .filter((row) => labels.includes(row.label));
    if (rows.length > 0) files.set(name.replace('.ndjson', ''), rows);
  }
  return files;
}
