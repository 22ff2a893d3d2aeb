import type { Cursor } from './cursor.ts';
import { DIGIT, kindOf, SPACE, WORD_PART } from './kind-of-character.ts';
import { payloadWordAt } from './payload-word.ts';
import { readHash, readMinus, readSlash, readStar } from './read-comment.ts';
import { readNumber } from './read-number.ts';
import { tokenCode as T } from './token-class.ts';

const single = new Uint8Array(0x10000);
for (const [sign, code] of [
  ['(', T.LP],
  [')', T.RP],
  ['[', T.LB],
  [']', T.RB],
  ['{', T.LC],
  ['}', T.RC],
  [',', T.COMMA],
  [';', T.SEMI],
  ['?', T.QM],
  ['+', T.PLUS],
  ['%', T.PERCENT],
  ['^', T.CARET],
] as const) {
  single[sign.charCodeAt(0)] = code;
}

/** Class of a sign that means the same whatever follows, 0 for all others. */
export function singleSign(code: number): number {
  return single[code]!;
}

/** A sign or operator that is no single one. Answers 0 for what is no token. */
export function readSign(cursor: Cursor, at: number): number {
  const { units } = cursor;
  const code = units[at]!;
  cursor.position = at + 1;
  if (code >= 128) return code === 0x2013 || code === 0x2014 ? T.RULE : T.OTHER;
  switch (code) {
    case 39: // '
      cursor.quoteParity ^= 1;
      return (cursor.quoteParity & 1) !== 0 ? T.SQ1 : T.SQ2;
    case 34: // "
      cursor.quoteParity ^= 2;
      return (cursor.quoteParity & 2) !== 0 ? T.DQ1 : T.DQ2;
    case 96: // `
      cursor.quoteParity ^= 4;
      return (cursor.quoteParity & 4) !== 0 ? T.BQ1 : T.BQ2;
    case 45: // -
      return readMinus(cursor, at);
    case 47: // /
      return readSlash(cursor, at);
    case 42: // *
      return readStar(cursor, at);
    case 35: // #
      return readHash(cursor, at);
    case 46: // .
      return (kindOf(units[at + 1]!) & DIGIT) !== 0 ? readNumber(cursor, at + 1) : T.DOT;
    case 58: // :
      return readColon(cursor, at);
    case 64: // @
      return readAt(cursor, at);
    case 92: // \
      return readBackslash(cursor, at);
    default:
      return readOperator(cursor, at, code);
  }
}

/** `::type` belongs to the operand before it and is dropped with the name of the type. */
function readColon(cursor: Cursor, at: number): number {
  const { units } = cursor;
  const next = units[at + 1];
  if (next === 61) {
    cursor.position = at + 2;
    return T.ASSIGN;
  }
  if (next !== 58) return T.COLON;
  let end = at + 2;
  while ((kindOf(units[end]!) & SPACE) !== 0 && end - at < 6) end += 1;
  while ((kindOf(units[end]!) & WORD_PART) !== 0) end += 1;
  if (units[end] === 91 && units[end + 1] === 93) end += 2;
  cursor.position = end;
  return 0;
}

function readAt(cursor: Cursor, at: number): number {
  const { units } = cursor;
  const next = units[at + 1]!;
  if (next === 62 || next === 63) {
    cursor.position = at + 2;
    return T.JSONOP;
  }
  const from = next === 64 ? at + 2 : at + 1;
  let end = from;
  while ((kindOf(units[end]!) & WORD_PART) !== 0 || (end > from && units[end] === 46)) end += 1;
  cursor.position = end;
  if (next === 64) return end > from ? T.SYSVAR : T.OTHER;
  const quoted = next === 96 || next === 39 || next === 34;
  return end > from || quoted ? T.VAR : T.OTHER;
}

/** `\N` is NULL in MySQL; a backslash before anything else says nothing. */
function readBackslash(cursor: Cursor, at: number): number {
  const { units } = cursor;
  if (units[at + 1] !== 78) return 0;
  if ((kindOf(units[at + 2]!) & WORD_PART) !== 0 && !payloadWordAt(units, at + 2)) return 0;
  cursor.position = at + 2;
  return T.NULL;
}

function readOperator(cursor: Cursor, at: number, code: number): number {
  const next = cursor.units[at + 1]!;
  const third = cursor.units[at + 2]!;
  let length = 1;
  let found: number = T.OTHER;
  if (code === 61) {
    // `=~` binds in Perl; `0=~0` compares
    const binds = next === 126 && (kindOf(third) & DIGIT) === 0 && third !== 40;
    found = next === 61 ? T.EQ2 : next === 62 ? T.ARROW : binds ? T.OTHER : T.EQ;
    if (next === 61) length = third === 61 ? 3 : 2;
    else if (found !== T.EQ) length = 2;
  } else if (code === 33) {
    found = next === 61 ? T.NE : next === 126 ? T.TILDE : next === 60 || next === 62 ? T.GT : T.BANG;
    if (found !== T.BANG) length = (next === 61 && third === 61) || (next === 126 && third === 42) ? 3 : 2;
  } else if (code === 60) {
    if (next === 61) found = third === 62 ? T.EQ : T.LT;
    else if (next === 62) found = T.NE;
    else if (next === 60) found = T.SHIFT;
    else if (next === 64) found = T.JSONOP;
    else found = next === 33 || next === 47 ? T.OTHER : T.LT;
    if (next === 61) length = third === 62 ? 3 : 2;
    else if (found !== T.LT) length = 2;
  } else if (code === 62) {
    found = next === 62 ? T.SHIFT : T.GT;
    if (next === 61 || next === 62) length = 2;
  } else if (code === 124 || code === 38) {
    const double = next === code;
    found = code === 124 ? (double ? T.PIPE2 : T.PIPE) : double ? T.AMP2 : T.AMP;
    if (double) length = 2;
  } else if (code === 126) {
    found = T.TILDE;
    if (next === 42) length = 2;
  }
  cursor.position = at + length;
  return found;
}
