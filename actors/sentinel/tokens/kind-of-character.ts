/** Kinds of characters, as bits, so that one look-up answers several questions. */
export const LETTER = 1;
export const DIGIT = 2;
export const SPACE = 4;
export const HEX_DIGIT = 8;
/** Letter, digit, underscore, dollar sign, or anything beyond ASCII. */
export const WORD_PART = 16;

/**
 * The bits by UTF-16 code unit, for inner loops; elsewhere ask `kindOf`. An array, because a function this small is
 * still not inlined everywhere once the program is warm.
 */
export const kinds: Uint8Array = new Uint8Array(0x10000).fill(LETTER | WORD_PART);
kinds.fill(0, 0, 128);
for (let code = 0; code < 128; code += 1) {
  const character = String.fromCharCode(code);
  if (/[A-Za-z_]/.test(character)) kinds[code]! |= LETTER | WORD_PART;
  if (/[0-9]/.test(character)) kinds[code]! |= DIGIT | WORD_PART | HEX_DIGIT;
  if (/[A-Fa-f]/.test(character)) kinds[code]! |= HEX_DIGIT;
  if (character === '$') kinds[code]! |= WORD_PART;
  if (code <= 32 || code === 127) kinds[code]! |= SPACE;
}
// Dashes have a token of their own; everything else beyond ASCII is part of a word.
kinds[0x2013] = 0;
kinds[0x2014] = 0;

/** Bits of a UTF-16 code unit. */
export function kindOf(code: number): number {
  return kinds[code]!;
}
