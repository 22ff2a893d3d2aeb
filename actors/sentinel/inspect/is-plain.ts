import { foldTable } from '../normalise/fold-table.ts';
import { familyClass, hashStep, keywordClass } from '../tokens/keyword-table.ts';
import { type TokenClass, tokenClasses } from '../tokens/token-class.ts';

/** Longer texts are for the model: padding hides there. */
const longest = 4096;
/** No keyword is longer. */
const longestWord = 64;

// What a character is.
const STOP = 0;
const LETTER = 1;
const DIGIT = 2;
const SPACE = 3;
const MARK = 4;
const HYPHEN = 6;
const APOSTROPHE = 7;
const OPEN = 8;
const CLOSE = 9;
const AT = 10;
const PERCENT = 11;
const AMPERSAND = 12;
const COLON = 13;

/** By UTF-16 code unit. Beyond ASCII nearly everything is part of a word; what stands for a sign of ASCII is not. */
const kinds = new Uint8Array(0x10000);
for (let code = 128; code < kinds.length; code += 1) {
  const folded = foldTable[code]!;
  kinds[code] = folded === 0 ? LETTER : folded === 32 ? SPACE : STOP;
}
const setKind = (characters: string, kind: number): void => {
  for (const character of characters) kinds[character.charCodeAt(0)] = kind;
};
kinds[0x2013] = MARK;
kinds[0x2014] = MARK;
kinds[0x2019] = APOSTROPHE;
// First half of the letters and digits of U+1D400…, which fold to ASCII.
kinds[0xd835] = STOP;
setKind('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_', LETTER);
setKind('0123456789', DIGIT);
setKind(' \n\r\t', SPACE);
setKind('.,!?/', MARK);
setKind(':', COLON);
setKind('-', HYPHEN);
setKind("'", APOSTROPHE);
setKind('(', OPEN);
setKind(')', CLOSE);
setKind('@', AT);
setKind('%', PERCENT);
setKind('&', AMPERSAND);

// What a word is. A word of the language and of SQL is free where it attaches no condition, and a link where it may.
const WORD = 0;
const FREE = 1;
const LINK = 2;
const TRUTH = 3;
const SORTED = 4;
const REFUSED = 5;
// What else may stand before a word.
const NOTHING = 6;
const NUMBER = 7;
const BRACKET = 8;
const SIGN = 9;
const QUESTION = 10;

const roles = new Uint8Array(tokenClasses.length).fill(REFUSED);
const setRole = (classes: readonly TokenClass[], role: number): void => {
  for (const name of classes) roles[tokenClasses.indexOf(name)] = role;
};
roles[0] = WORD;
setRole(['FROM', 'TO', 'IN', 'ON', 'AS', 'ALL', 'ANY', 'INTO', 'THEN', 'ELSE', 'END_WORD', 'IF_WORD'], FREE);
setRole(['OBJECT', 'PROGRAM', 'LISTEN', 'DELAY', 'CALL_WORD', 'TABLE', 'VALUES', 'ROW', 'LOAD'], FREE);
setRole(['SET', 'BEGIN', 'BINARY', 'SIMILAR', 'COPY', 'CREATE', 'CASE', 'MAINTAIN'], FREE);
setRole(['AND', 'OR', 'LIKE', 'BETWEEN', 'LIMIT', 'HAVING'], LINK);
setRole(['DELETE', 'INSERT', 'DROP', 'ALTER', 'GRANT', 'EXEC', 'TRUNCATE'], LINK);
setRole(['NOT', 'IS', 'WHERE', 'WHEN', 'EXISTS', 'BY'], QUESTION);
setRole(['BOOL'], TRUTH);
setRole(['ORDER', 'GROUP'], SORTED);

const BY = tokenClasses.indexOf('BY');
const LIKE = tokenClasses.indexOf('LIKE');
const ALL = tokenClasses.indexOf('ALL');
const IS = tokenClasses.indexOf('IS');
const UNDERSCORE = 95;
const ZERO = 48;
const BLANK = 32;

/** No word of other databases, and too frequent a one for the signatures. */
let returning = 0;
for (const letter of 'returning') returning = hashStep(returning, letter.charCodeAt(0));

const hexDigits = new Int8Array(128).fill(-1);
for (const [value, digit] of [...'0123456789abcdef'].entries()) {
  hexDigits[digit.charCodeAt(0)] = value;
  hexDigits[digit.toUpperCase().charCodeAt(0)] = value;
}

const word = new Uint16Array(longestWord + 1);

/**
 * The second pre-filter, for free text: true for plain sentences and names, of which no model need be asked. Words,
 * digits and ordinary punctuation; apostrophes only between letters; no quotes, operators, comments or encodings; words
 * of SQL only where the language uses them, and those that attach a condition never next to a number, a constant or a
 * bracket, at the beginning, or at the end. One pass, nothing allocated; not reentrant.
 * @param text decoded, or percent-encoded as received with `+` as blanks: `%20` and letters beyond ASCII are understood
 */
export function isPlain(text: string): boolean {
  const { length } = text;
  if (length > longest) return false;
  let before = NOTHING;
  let lastEnd = 0;
  let lastHash = 0;
  let depth = 0;
  for (let at = 0; at < length; ) {
    const code = text.charCodeAt(at);
    let kind = kinds[code]!;
    if (kind === PERCENT) {
      const encoded = decode(text, at);
      if (encoded > 0) {
        kind = encoded & 15;
        at += encoded >> 4;
        if (kind === LETTER) before = WORD;
        else if (kind === COLON) {
          if (text.charCodeAt(at) === 58 || byteAt(text, at) === 58) return false;
        } else if (kind !== SPACE && kind !== MARK) return false;
        continue;
      }
    }
    at += 1;
    switch (kind) {
      case SPACE:
      case MARK:
        break;
      case LETTER: {
        let end = 0;
        let hash = 0;
        for (let next = code; ; ) {
          if (end <= longestWord) {
            word[end] = next;
            hash = hashStep(hash, next >= 65 && next <= 90 ? next + 32 : next);
          }
          end += 1;
          if (at >= length) break;
          next = text.charCodeAt(at);
          const nextKind = kinds[next]!;
          if (nextKind !== LETTER && nextKind !== DIGIT) break;
          at += 1;
        }
        lastEnd = end;
        lastHash = hash;
        let found = end > longestWord ? 0 : keywordClass(word, 0, end, hash, 0);
        if (found === 0 && word[2] === UNDERSCORE) found = familyClass(word, 0, end, false);
        const role = found === 0 && hash === returning && end === 9 ? REFUSED : roles[found]!;
        if (role === WORD) {
          before = WORD;
          break;
        }
        // Behind an apostrophe a keyword is no part of a word.
        if (role === REFUSED || before === SIGN) return false;
        if (role === LINK) {
          if (before !== WORD && before !== FREE && before !== QUESTION && before !== BRACKET) return false;
        }
        if ((found === LIKE && end !== 4) || (found === IS && end !== 2) || (found === ALL && end > 3))
          return false;
        if (role === TRUTH && (before === LINK || before === QUESTION)) return false;
        if (before === SORTED && found === BY) return false;
        before = role;
        break;
      }
      case DIGIT:
        if (before === LINK || before === QUESTION) return false;
        if (code === ZERO && (text.charCodeAt(at) | 32) === 120) return false;
        while (at < length && kinds[text.charCodeAt(at)]! === DIGIT) at += 1;
        before = NUMBER;
        break;
      case HYPHEN:
      case COLON:
        if (at < length && text.charCodeAt(at) === code) return false;
        break;
      case APOSTROPHE:
        if (before !== WORD || !joinsLetters(text, at)) return false;
        before = SIGN;
        break;
      case AT:
        if (!joinsLetters(text, at)) return false;
        break;
      case OPEN:
        if (at > 1 && kinds[text.charCodeAt(at - 2)]! !== SPACE) return false;
        if (before === LINK || before === QUESTION || before === SORTED || before === TRUTH) return false;
        if (
          (before === WORD || before === FREE) &&
          lastEnd <= longestWord &&
          isCalled(text, at, lastEnd, lastHash)
        )
          return false;
        depth += 1;
        before = BRACKET;
        break;
      case CLOSE:
        depth -= 1;
        if (depth < 0 || before === LINK || before === QUESTION) return false;
        before = BRACKET;
        break;
      case PERCENT:
        if (before !== NUMBER || (at < length && kinds[text.charCodeAt(at)]! !== SPACE)) return false;
        break;
      case AMPERSAND:
        if (at >= length || text.charCodeAt(at) !== BLANK) return false;
        break;
      default:
        return false;
    }
  }
  return depth === 0 && before !== LINK;
}

function joinsLetters(text: string, after: number): boolean {
  return (
    after >= 2 &&
    after < text.length &&
    kinds[text.charCodeAt(after - 2)]! === LETTER &&
    kinds[text.charCodeAt(after)]! === LETTER
  );
}

/** Whether the last word is a function, now that a bracket is open: "sleep (5)", but not "sleep (5 hours)". */
function isCalled(text: string, after: number, end: number, hash: number): boolean {
  let digits = after;
  while (digits < text.length && kinds[text.charCodeAt(digits)]! === DIGIT) digits += 1;
  const bracket = digits > after && kinds[text.charCodeAt(digits)]! === CLOSE ? 1 : 2;
  return keywordClass(word, 0, end, hash, bracket) !== 0 || familyClass(word, 0, end, true) !== 0;
}

/** Kind of the percent-encoded character at `at`, plus sixteen times its length; 0 where none is. */
function decode(text: string, at: number): number {
  const first = byteAt(text, at);
  if (first < 0) return 0;
  if (first < 0x80) {
    // Nobody encodes letters who has nothing to hide.
    const kind = kinds[first]!;
    return (kind === SPACE || kind === MARK || kind === COLON ? kind : STOP) | (3 << 4);
  }
  const second = byteAt(text, at + 3);
  if (first < 0xc2 || first > 0xef || second < 0x80 || second > 0xbf) return STOP | (3 << 4);
  if (first < 0xe0) return kinds[((first & 31) << 6) | (second & 63)]! | (6 << 4);
  const third = byteAt(text, at + 6);
  if (third < 0x80 || third > 0xbf) return STOP | (3 << 4);
  const code = ((first & 15) << 12) | ((second & 63) << 6) | (third & 63);
  return (code < 0x800 ? STOP : kinds[code]!) | (9 << 4);
}

function byteAt(text: string, at: number): number {
  if (at + 2 >= text.length || text.charCodeAt(at) !== 37) return -1;
  const high = hexDigits[Math.min(127, text.charCodeAt(at + 1))]!;
  const low = hexDigits[Math.min(127, text.charCodeAt(at + 2))]!;
  return (high | low) < 0 ? -1 : high * 16 + low;
}
