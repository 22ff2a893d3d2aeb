import { blankComments } from './blank-comments.ts';

/**
 * JSON with comments and trailing commas, as editors write it.
 * @throws SyntaxError with line and column of the first mistake
 */
export function parseJsonc(text: string): unknown {
  const plain = blankComments(text.replace(/^\uFEFF/, ''));
  try {
    return JSON.parse(plain);
  } catch (thrown) {
    const message = thrown instanceof Error ? thrown.message : String(thrown);
    const position = message.match(/position (?<position>\d+)/)?.groups?.['position'];
    if (position === undefined) throw new SyntaxError(message);
    const before = plain.slice(0, Number(position)).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new SyntaxError(`line ${before.length}, column ${column}: ${message.split(' in JSON')[0]}`);
  }
}
