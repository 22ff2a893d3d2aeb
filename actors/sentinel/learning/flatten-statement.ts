import { lexeme as L, type Lexeme } from './statement-lexer.ts';
import { hasWord, statementWords as W } from './statement-words.ts';

/**
 * A statement without what is inside its strings, names in quotes and comments: strings are numbers (equal ones the
 * same), so that only what the database would act on is read. A string that touches a word, a number or another string,
 * as none does that was meant, is kept as it is: its quotes are not where its author thought.
 * @param tokens all of the statement
 */
export function flattenStatement(source: string, tokens: readonly Lexeme[]): string {
  let text = '';
  let end = 0;
  for (const [at, { kind, from, to, open, text: word }] of tokens.entries()) {
    if (from > end) text += ' ';
    end = to;
    if (kind === L.STRING) {
      const isOdd = open || touches(tokens[at - 1], from) || touches(tokens[at + 1], to);
      text += isOdd ? source.slice(from, to) : ` ${literalNumber(source, from, to)} `;
    } else if (kind === L.QUOTED) text += open ? ' "' : ' q ';
    else if (kind === L.LINE_COMMENT) text += ' --\n';
    else if (kind === L.BLOCK_COMMENT) text += word === '!' ? ' /*! ' : open ? ' /* ' : ' /**/ ';
    else text += source.slice(from, to);
  }
  return text;
}

function touches(other: Lexeme | undefined, at: number): boolean {
  if (other === undefined || (other.from !== at && other.to !== at)) return false;
  if (other.kind === L.WORD) return !hasWord(other.text, W.KEYWORD);
  return other.kind === L.NUMBER || other.kind === L.STRING;
}

function literalNumber(source: string, from: number, to: number): number {
  let hash = 0;
  for (let at = from + 1; at < to - 1; at += 1) hash = (Math.imul(hash, 31) + source.charCodeAt(at)) | 0;
  return (hash >>> 0) % 1_000_000;
}
