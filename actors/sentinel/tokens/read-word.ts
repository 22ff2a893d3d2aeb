import { type Cursor, finishWord } from './cursor.ts';
import { familyClass, hashStep, keywordClass } from './keyword-table.ts';
import { DIGIT, kinds, LETTER, SPACE, WORD_PART } from './kind-of-character.ts';
import { isPayloadWord, payloadWordAt } from './payload-word.ts';
import { tokenCode as T } from './token-class.ts';

const APOSTROPHE = 39;
const HYPHEN = 45;
const DOT = 46;
const AT = 64;
const DOLLAR = 36;
const OPEN = 40;
const CLOSE = 41;
const longestTag = 20;
const longestPart = 40;
const blanksBeforeBracket = 8;

/**
 * A word from its first character on. Dotted names (`information_schema.tables`), words with an apostrophe or a
 * hyphen inside (`O'Brien`, `out-and-out`) and e-mail addresses are one word each.
 * @param afterQuote whether a quote stands before it: then a hyphen is a minus
 */
export function readWord(cursor: Cursor, from: number, afterQuote: boolean): number {
  const { units } = cursor;
  let at = from;
  let hash = 0;
  let firstEnd = 0;
  let firstHash = 0;
  let lastStart = from;
  let joined = false;
  for (;;) {
    const code = units[at]!;
    if ((kinds[code]! & WORD_PART) !== 0) {
      if (code === DOLLAR && dollarQuoteEnd(units, at) > 0) break;
      const lower = code >= 65 && code <= 90 ? code + 32 : code;
      hash = hashStep(hash, lower);
      at += 1;
      continue;
    }
    if (code === DOT) {
      const dots = units[at + 1] === DOT ? 2 : 1; // `master..xp_cmdshell`
      if ((kinds[units[at + dots]!]! & WORD_PART) === 0) break;
      if (firstEnd === 0) {
        firstEnd = at;
        firstHash = hash;
      }
      hash = hashStep(hash, code);
      at += dots;
      lastStart = at;
      continue;
    }
    if (code !== APOSTROPHE && code !== HYPHEN && code !== AT) break;
    if (!joins(units, at, code, afterQuote)) break;
    if (code === APOSTROPHE && isPayloadWord(units, from, at, hash)) break;
    joined = true;
    hash = hashStep(hash, code);
    at += 1;
  }
  if (joined) return finishWord(cursor, from, at, hash, T.WORD);
  const bracket = bracketAfter(units, at);
  let found = keywordClass(units, from, at, hash, bracket);
  if (found === 0 && firstEnd > 0) {
    // A dotted name: the schema tells, or the function at its end.
    const first = keywordClass(units, from, firstEnd, firstHash, 0);
    const last = keywordClass(units, lastStart, at, hashOf(units, lastStart, at), bracket);
    if (last === T.F_DELAY || last === T.F_FILE) found = last;
    else if (isProcedure(last) || isProcedure(familyClass(units, lastStart, at, false))) found = T.XP;
    else if (first === T.SYSTEM) found = T.SYSTEM;
  }
  if (found === 0) found = familyClass(units, from, at, bracket !== 0);
  if (found === 0) found = bracket === 1 ? T.CALL : T.WORD;
  return finishWord(cursor, from, at, hash, found);
}

/** `$$` and `$tag$` quote in PostgreSQL; `$name` and `$1` are variables of other languages. */
export function readDollar(cursor: Cursor, from: number): number {
  const { units } = cursor;
  const end = dollarQuoteEnd(units, from);
  if (end > 0) {
    cursor.position = end;
    return T.DOLLAR;
  }
  if ((kinds[units[from + 1]!]! & WORD_PART) === 0) {
    cursor.position = from + 1;
    return T.OTHER;
  }
  readWord(cursor, from + 1, false);
  return T.DOLLAR_NAME;
}

function hashOf(units: Uint16Array, from: number, to: number): number {
  let hash = 0;
  for (let at = from; at < to; at += 1) {
    const code = units[at]!;
    hash = hashStep(hash, code >= 65 && code <= 90 ? code + 32 : code);
  }
  return hash;
}

/** Whether the sign at `at` is inside a word. */
function joins(units: Uint16Array, at: number, code: number, afterQuote: boolean): boolean {
  const after = kinds[units[at + 1]!]!;
  if (code === AT) return (after & WORD_PART) !== 0;
  if ((after & LETTER) === 0 || at === 0 || (kinds[units[at - 1]!]! & LETTER) === 0) return false;
  if (code === APOSTROPHE) return !payloadWordAt(units, at + 1);
  if (afterQuote) return false;
  let end = at + 1;
  while ((kinds[units[end]!]! & WORD_PART) !== 0 && end - at < longestPart) end += 1;
  return units[end] !== OPEN; // `1-sleep(5)` subtracts
}

/** 1: called (a bracket right here, or a number in brackets behind blanks), 2: a bracket after blanks, 0: none. */
function bracketAfter(units: Uint16Array, from: number): 0 | 1 | 2 {
  if (units[from] === OPEN) return 1;
  let at = from;
  while ((kinds[units[at]!]! & SPACE) !== 0 && at - from < blanksBeforeBracket) at += 1;
  if (units[at] !== OPEN) return 0;
  // `sleep (5)` is a call, "sleep (5 hours)" is not
  let end = at + 1;
  while ((kinds[units[end]!]! & DIGIT) !== 0) end += 1;
  return end > at + 1 && units[end] === CLOSE ? 1 : 2;
}

/** Where the dollar quote that begins at `from` ends, 0 when there is none. */
function dollarQuoteEnd(units: Uint16Array, from: number): number {
  let at = from + 1;
  while (at - from < longestTag && (kinds[units[at]!]! & LETTER) !== 0) at += 1;
  return units[at] === DOLLAR ? at + 1 : 0;
}

function isProcedure(code: number): boolean {
  return code === T.XP || code === T.SP;
}
