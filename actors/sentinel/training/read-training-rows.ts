import { SqlGuard } from '../inspect/sql-guard.ts';
import { Random } from './random.ts';
import { readDataRows } from './read-data-rows.ts';
import { readListed, trainingFiles } from './training-files.ts';

/** A text to learn from. */
export interface TrainingRow {
  readonly text: string;
  readonly attack: boolean;
  /** Rows of one source are held out together. */
  readonly source: string;
  readonly kind: 'param' | 'query';
  /** A line of a document beyond those that are trained on and measured; only looked through for hard ones. */
  readonly spare?: true;
}

const shortest = 3;
const longest = 1500;
/** Lines of documents that are taken, by source. */
const mostLines = 9000;
/** A line of documentation that a signature finds is an example of an attack, most likely. */
const suspicious = 0.5;

/** All rows of the listed files: those of the data, and lines of documents as more honest text. */
export function readTrainingRows(): TrainingRow[] {
  const documents = new Map<string, Set<string>>();
  const list = trainingFiles();
  for (const { path, source } of list) {
    if (path.endsWith('.ndjson')) continue;
    const lines = documents.get(source) ?? new Set();
    for (const line of linesOf(readListed(path, list))) lines.add(line);
    documents.set(source, lines);
  }
  const rows = readDataRows(list);
  const guard = new SqlGuard();
  for (const [source, lines] of documents) {
    const honest = [...lines].filter((line) => guard.inspect(line, 'query').score < suspicious);
    for (const [at, text] of new Random(7).shuffle(honest).entries()) {
      const row = { text, attack: false, source, kind: 'param' } as const;
      rows.push(at < mostLines ? row : { ...row, spare: true });
    }
  }
  return rows;
}

function linesOf(text: string): string[] {
  const lines = text.split('\n').map((line) => line.replace(/^[\s*]+|\s+$/g, ''));
  const paragraphs = text.split(/\n\s*\n/).map((paragraph) => paragraph.trim());
  return [...lines, ...paragraphs.filter((paragraph) => paragraph.includes('\n'))].filter(
    (part) => part.length >= shortest && part.length <= longest && /[a-z]/i.test(part),
  );
}
