import type { SyntaxToken } from './pg-parser.ts';

/**
 * How the rest of a statement begins when a comment was put before it: a quote or bracket that would have closed
 * something, a clause, or nothing but dashes. A remark of a person begins with a word.
 */
const rest =
  /^[\s-]*(?:$|['"%)]|(?:and|or|order\s+by|group\s+by|limit|offset|having|returning|where|union|asc|desc|set|values|from)\b|[=<>;])/i;
const closes = /['"]\s*\)*\s*(?:;\s*)?$/;

/**
 * Whether a text ends in a comment that looks like the end of the statement it was put into.
 * @param tokens of the parser, comments among them
 */
export function cutsOff(text: string, tokens: readonly SyntaxToken[]): boolean {
  const last = tokens.at(-1);
  const before = tokens.at(-2);
  if (last === undefined || before === undefined || !/_COMMENT$/.test(last.tokenName)) return false;
  if (/_COMMENT$/.test(before.tokenName)) return false;
  const bytes = Buffer.from(text);
  // A remark on a line of its own is one.
  if (bytes.subarray(before.end, last.start).includes(10)) return false;
  const comment = bytes.subarray(last.start, last.end).toString();
  const inside = comment.startsWith('/*') ? comment.slice(2).replace(/\*\/$/, '') : comment.slice(2);
  return rest.test(inside) || closes.test(inside);
}
