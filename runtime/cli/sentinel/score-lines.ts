import type { ScoredSurface, TextScorer } from '../../../actors/sentinel/sqlguard/text-scorer.ts';
import { type LongLine, readLines } from '../read-lines.ts';

/** Lines that are judged together, and about how many characters at most. */
const batchLines = 512;
const batchLength = 2 ** 20;

export interface ScoredLines {
  readonly lines: number;
  /** Of those that could not be judged, the first few, from 1. */
  readonly bad: readonly number[];
  readonly badCount: number;
}

type Asked = { readonly text: string } | { readonly error: string };

/**
 * Judges texts, one in each line as `{"text": …}`, and writes a line for each in the same order: the verdict, or
 * `{"error": …}`. Holds one batch at a time.
 * @param write resolves when more may be written
 */
export async function scoreLines(
  source: AsyncIterable<Uint8Array>,
  scorer: TextScorer,
  surface: ScoredSurface,
  write: (text: string) => Promise<void>,
): Promise<ScoredLines> {
  const bad: number[] = [];
  let badCount = 0;
  let lines = 0;
  let length = 0;
  let batch: Asked[] = [];
  const flush = async (): Promise<void> => {
    const texts = batch.flatMap((asked) => ('text' in asked ? [asked.text] : []));
    const scored = await scorer.score(texts, surface);
    let next = 0;
    let out = '';
    for (const asked of batch) {
      if ('error' in asked) out += `${JSON.stringify(asked)}\n`;
      else {
        const { score, band, action, why } = scored[next]!;
        next += 1;
        out += `${JSON.stringify({ score, band, action, why })}\n`;
      }
    }
    batch = [];
    length = 0;
    await write(out);
  };
  for await (const line of readLines(source)) {
    lines += 1;
    const asked = read(line, lines);
    batch.push(asked);
    if ('text' in asked) length += asked.text.length;
    else {
      badCount += 1;
      if (bad.length < 10) bad.push(lines);
    }
    if (batch.length >= batchLines || length >= batchLength) await flush();
  }
  if (batch.length > 0) await flush();
  return { lines, bad, badCount };
}

function read(line: string | LongLine, number: number): Asked {
  if (typeof line !== 'string') return { error: `line ${number} is longer than 16 MiB` };
  let value: unknown;
  try {
    value = JSON.parse(number === 1 && line.startsWith('\ufeff') ? line.slice(1) : line);
  } catch {
    return { error: `line ${number} is no JSON` };
  }
  const text = value === null || typeof value !== 'object' ? undefined : (value as { text?: unknown }).text;
  if (typeof text === 'string') return { text };
  return { error: `line ${number} has no "text" that is a string` };
}
