import { HEX_DIGIT, kinds, LETTER } from '../tokens/kind-of-character.ts';

const FOREIGN = 3;
const BLANK = 32;
const DIGIT_ = 48;
const SLASH = 47;
const STAR = 42;

/** Around these a blank says nothing. */
const isTight = new Uint8Array(128);
for (const sign of '=<>!|&()+*%,;~^') isTight[sign.charCodeAt(0)] = 1;

/**
 * The characters of a part of a text as far as they matter: lower case, a number is one digit in whatever base, any
 * foreign letter is the same, blanks and block comments are one blank, and none around operators.
 * @param into as long as the part, or longer
 * @returns how many were written
 */
export function canonicalCharacters(units: Uint16Array, from: number, to: number, into: Uint16Array): number {
  let count = 0;
  for (let at = from; at < to; at += 1) {
    const code = units[at]!;
    if (code >= 128) {
      if (count === 0 || into[count - 1] !== FOREIGN) into[count++] = FOREIGN;
      continue;
    }
    if (code <= 32 || (code === SLASH && isEmptyComment(units, at, to))) {
      if (code === SLASH) at += 3;
      const before = count === 0 ? 0 : into[count - 1]!;
      if (before !== BLANK && before !== 0 && isTight[before] === 0) into[count++] = BLANK;
      continue;
    }
    if (isTight[code] === 1 && count > 0 && into[count - 1] === BLANK) count -= 1;
    if (code >= 48 && code <= 57) {
      const inWord = count > 0 && (kinds[into[count - 1]!]! & LETTER) !== 0;
      if (
        code === 48 &&
        !inWord &&
        (units[at + 1]! | 32) === 120 &&
        (kinds[units[at + 2]!]! & HEX_DIGIT) !== 0
      ) {
        at += 2;
        while (at + 1 < to && (kinds[units[at + 1]!]! & HEX_DIGIT) !== 0) at += 1;
      }
      if (count === 0 || into[count - 1] !== DIGIT_) into[count++] = DIGIT_;
      continue;
    }
    into[count++] = code >= 65 && code <= 90 ? code + 32 : code;
  }
  return count > 0 && into[count - 1] === BLANK ? count - 1 : count;
}

/** Comments were emptied before. */
function isEmptyComment(units: Uint16Array, at: number, to: number): boolean {
  return at + 3 < to && units[at + 1] === STAR && units[at + 2] === STAR && units[at + 3] === SLASH;
}
