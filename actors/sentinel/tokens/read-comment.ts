import type { Cursor } from './cursor.ts';
import { DIGIT, kindOf, LETTER, SPACE, WORD_PART } from './kind-of-character.ts';
import { tokenCode as T } from './token-class.ts';

const STAR = 42;
const PLUS = 43;
const MINUS = 45;
const SLASH = 47;
const GREATER = 62;

/** `-`, `->`, and `--` with what stands around it. */
export function readMinus(cursor: Cursor, at: number): number {
  const { units } = cursor;
  const next = units[at + 1];
  if (next === GREATER) {
    cursor.position = units[at + 2] === GREATER ? at + 3 : at + 2;
    return T.JSONOP;
  }
  if (next !== MINUS) return T.MINUS;
  let end = at + 2;
  while (units[end] === MINUS) end += 1;
  cursor.position = end;
  const after = units[end]!;
  if (after === GREATER) {
    cursor.position = end + 1;
    return T.OTHER; // `-->`
  }
  if (end - at > 2) return T.RULE;
  if (after === PLUS) cursor.position = end + 1; // `--+`: a blank that was encoded once too rarely
  if (isGlued(units, at)) return T.CUT;
  if (after === PLUS) return T.DASH2;
  const before = at === 0 ? SPACE : kindOf(units[at - 1]!);
  if ((kindOf(after) & WORD_PART) !== 0) {
    if ((before & WORD_PART) !== 0) return T.DASH_WORD;
    if ((before & SPACE) !== 0 && (kindOf(after) & LETTER) !== 0) return T.DASH_FLAG;
  }
  return T.DASH2;
}

/** `/`, and block comments: a closed one is a blank, in a version comment (`/*!50000 … *​/`) the text is code. */
export function readSlash(cursor: Cursor, at: number): number {
  const { units, length } = cursor;
  if (units[at + 1] !== STAR) return T.SLASH;
  if (units[at + 2] === 33) {
    let end = at + 3;
    while ((kindOf(units[end]!) & DIGIT) !== 0 && end - at < 9) end += 1;
    cursor.position = end;
    cursor.inVersionComment = true;
    return 0;
  }
  if (!cursor.noMoreCommentEnds) {
    for (let end = at + 2; end < length; end += 1) {
      if (units[end] !== STAR || units[end + 1] !== SLASH) continue;
      cursor.position = end + 2;
      return 0;
    }
    cursor.noMoreCommentEnds = true;
  }
  cursor.position = at + 2;
  return isGlued(units, at) ? T.CUT : T.COPEN;
}

/** `*`, and the end of a comment that began before the value. */
export function readStar(cursor: Cursor, at: number): number {
  const { units } = cursor;
  if (units[at + 1] !== SLASH) return T.STAR;
  // `2*/*!50000(3)*/` multiplies
  if (!cursor.inVersionComment && units[at + 2] === STAR) return T.STAR;
  cursor.position = at + 2;
  if (!cursor.inVersionComment) return T.CCLOSE;
  cursor.inVersionComment = false;
  return 0;
}

/** `#` as a comment, a hash tag, or a JSON path operator. */
export function readHash(cursor: Cursor, at: number): number {
  const { units } = cursor;
  const next = units[at + 1]!;
  if (next === GREATER) {
    cursor.position = units[at + 2] === GREATER ? at + 3 : at + 2;
    return T.JSONOP;
  }
  if ((kindOf(next) & WORD_PART) !== 0) return T.HASHTAG;
  return isGlued(units, at) ? T.CUT : T.HASH;
}

/** Whether the sign at `at` stands directly behind a quote, a closing bracket or a semicolon. */
function isGlued(units: Uint16Array, at: number): boolean {
  if (at === 0) return false;
  const before = units[at - 1];
  return before === 39 || before === 34 || before === 96 || before === 41 || before === 59;
}
