import { type Cursor, finishWord } from './cursor.ts';
import { hashStep } from './keyword-table.ts';
import { DIGIT, HEX_DIGIT, kinds, LETTER, WORD_PART } from './kind-of-character.ts';
import { payloadWordAt } from './payload-word.ts';
import { tokenCode as T } from './token-class.ts';

const DOT = 46;
const MINUS = 45;
const COLON = 58;
const seed = 7;

/**
 * A number from its first digit on. `1.5`, `2026-01-02`, `12:30:00` and `10.0.0.1` are one number each; `1union` is
 * a number and a keyword, `1e5` a number, `2nd` and `7zip` are words.
 */
export function readNumber(cursor: Cursor, from: number): number {
  const { units } = cursor;
  if (units[from] === 48 && (units[from + 1]! | 32) === 120 && isHexDigit(units[from + 2]!)) {
    return readHex(cursor, from);
  }
  let at = from;
  let hash = seed;
  for (;;) {
    const code = units[at]!;
    if ((kinds[code]! & DIGIT) !== 0) {
      hash = hashStep(hash, code);
      at += 1;
      continue;
    }
    if (code !== DOT && code !== MINUS && code !== COLON) break;
    const next = kinds[units[at + 1]!]!;
    if ((next & DIGIT) !== 0) {
      hash = hashStep(hash, code);
      at += 1;
      continue;
    }
    // `1.`, `1.e` and `1.union`: the dot ends the number
    if (code === DOT && ((next & WORD_PART) === 0 || (next & LETTER) !== 0)) at += 1;
    break;
  }
  if ((kinds[units[at]!]! & WORD_PART) === 0) return finishWord(cursor, from, at, hash, T.NUM);
  return readLetters(cursor, from, at, hash);
}

function readHex(cursor: Cursor, from: number): number {
  const { units } = cursor;
  let hash = seed;
  let at = from + 2;
  while (isHexDigit(units[at]!)) {
    hash = hashStep(hash, units[at]!);
    at += 1;
  }
  return finishWord(cursor, from, at, hash, T.HEX);
}

/** What follows a number without a blank. */
function readLetters(cursor: Cursor, from: number, at: number, hash: number): number {
  const { units } = cursor;
  if ((units[at]! | 32) === 101) {
    let after = at + 1;
    const sign = units[after];
    if (sign === 43 || sign === MINUS) after += 1;
    const digits = after;
    while ((kinds[units[after]!]! & DIGIT) !== 0) after += 1;
    const exponent = after > digits || after === at + 1;
    if (exponent && ((kinds[units[after]!]! & WORD_PART) === 0 || payloadWordAt(units, after))) {
      return finishWord(cursor, from, after, hash, T.NUM);
    }
  }
  if (payloadWordAt(units, at)) return finishWord(cursor, from, at, hash, T.NUM);
  let end = at;
  let wordHash = hash;
  while ((kinds[units[end]!]! & WORD_PART) !== 0) {
    wordHash = hashStep(wordHash, units[end]!);
    end += 1;
  }
  return finishWord(cursor, from, end, wordHash, T.WORD);
}

function isHexDigit(code: number): boolean {
  return (kinds[code]! & HEX_DIGIT) !== 0;
}
