import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { isReserved } from './reserved-sources.ts';

/** One file that the training may read. */
export interface TrainingFile {
  /** From the folder of the data, or from the root of the repository for text of installed packages. */
  readonly path: string;
  readonly sha256: string;
  /** What its rows count as: the name of a data file, or a kind of text. */
  readonly source: string;
}

const root = fileURLToPath(new URL('../../../', import.meta.url));

/** The data beside the repository; read in place, never copied. */
export const dataFolder: string = fileURLToPath(
  new URL('../../../../shared/data/sentinel/train/', import.meta.url),
);

let place = dataFolder;

/** The data lies elsewhere: what the list says of each file holds there, too. */
export function readDataFrom(folder: string): void {
  place = folder.endsWith('/') ? folder : `${folder}/`;
}

/** The committed list. */
export const listPath: string = fileURLToPath(new URL('./training-files.json', import.meta.url));

/** The files of the committed list. */
export function trainingFiles(): readonly TrainingFile[] {
  return JSON.parse(readFileSync(listPath, 'utf8')) as TrainingFile[];
}

/** Where a file of the list lies. */
export function placeOf(path: string): string {
  return path.startsWith('node_modules/') ? root + path : place + path;
}

/**
 * Reads a file of the list.
 * @param list what may be read; the committed list but in tests
 * @throws Error when it is not on the list, is kept for evaluation, is missing, or is not what it was when it was listed
 */
export function readListed(path: string, list: readonly TrainingFile[] = trainingFiles()): string {
  const entry = list.find((file) => file.path === path);
  if (entry === undefined) throw new Error(`${path} is not on the list of training files`);
  if (isReserved(path) || isReserved(entry.source)) throw new Error(`${path} is kept for evaluation`);
  const place = placeOf(path);
  if (path.includes('..') || !existsSync(place)) throw new Error(`${path} is on the list but not there`);
  const bytes = readFileSync(place);
  const found = createHash('sha256').update(bytes).digest('hex');
  if (found !== entry.sha256)
    throw new Error(`${path} has changed: SHA-256 ${found}, listed ${entry.sha256}`);
  return bytes.toString('utf8');
}
