/** Ways to write a payload differently, after the tamper scripts attackers use. Each keeps what it does. */
export type Mutation = (text: string) => string;

const each = (text: string, change: (character: string) => string): string => [...text].map(change).join('');
const code = (character: string): number => character.codePointAt(0)!;
const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
const isAscii = (character: string): boolean => code(character) < 128;
/** Blanks between words only: one behind a comment sign must stay, and quoted text does not matter to a database. */
const blanks = (text: string, replacement: string): string =>
  text.replace(/(?<!--) (?=\S)/g, () => replacement);

/** Encodings of a value that stands in a request: what a decoder behind us would undo. */
export const encodings: Readonly<Record<string, Mutation>> = {
  'percent encoding of everything': (text) =>
    each(text, (c) => (isAscii(c) ? `%${hex(code(c), 2)}` : encodeURIComponent(c))),
  'percent encoding, twice': (text) =>
    each(text, (c) => (isAscii(c) ? `%25${hex(code(c), 2)}` : encodeURIComponent(c))),
  '%uXXXX': (text) => each(text, (c) => (isAscii(c) ? `%u${hex(code(c), 4)}` : encodeURIComponent(c))),
  'overlong UTF-8': (text) =>
    each(text, (c) =>
      isAscii(c)
        ? `%${hex(0xc0 | (code(c) >> 6), 2)}%${hex(0x80 | (code(c) & 63), 2)}`
        : encodeURIComponent(c),
    ),
  'decimal HTML entities': (text) => each(text, (c) => `%26%23${code(c)}%3B`),
  'hexadecimal HTML entities': (text) => each(text, (c) => `%26%23x${hex(code(c), 2)}%3B`),
  'unicode escapes': (text) => each(text, (c) => `%5Cu${hex(code(c), 4)}`),
  'hexadecimal escapes': (text) =>
    each(text, (c) => (isAscii(c) ? `%5Cx${hex(code(c), 2)}` : encodeURIComponent(c))),
  'full width letters and signs': (text) =>
    encodeURIComponent(
      each(text, (c) => (code(c) > 32 && isAscii(c) ? String.fromCodePoint(code(c) + 0xfee0) : c)),
    ),
  'a percent sign before each letter': (text) =>
    text.replace(/[A-Za-z]{2,}|[^A-Za-z]/g, (part) =>
      each(part, (c) => (/[A-Za-z]/.test(c) ? `%25${c}` : `%${hex(code(c), 2)}`)),
    ),
  'zero bytes in words': (text) => encodeURIComponent(text.replace(/(?<=[a-z])(?=[a-z])/gi, '\0')),
  'zero-width characters in words': (text) =>
    encodeURIComponent(text.replace(/(?<=[a-z])(?=[a-z])/gi, '\u200b')),
  'typographic quotes': (text) => encodeURIComponent(text.replace(/'/g, '’').replace(/"/g, '“')),
};

/** Other spellings of the same SQL. */
export const spellings: Readonly<Record<string, Mutation>> = {
  'upper case': (text) => text.toUpperCase(),
  'mixed case': (text) =>
    [...text].map((c, at) => (at % 2 === 0 ? c.toUpperCase() : c.toLowerCase())).join(''),
  tabs: (text) => blanks(text, '\t'),
  'line breaks': (text) => blanks(text, '\r\n'),
  'many blanks': (text) => blanks(text, '    '),
  'other white space': (text) => blanks(text, '\v'),
  'no-break spaces': (text) => blanks(text, '\u00a0'),
  'comments for blanks': (text) => blanks(text, '/**/'),
  'comments with text for blanks': (text) => blanks(text, '/*a b*/'),
  'line comments for blanks': (text) => blanks(text, '--x\n'),
  'hash comments for blanks': (text) => blanks(text, '#x\n'),
  'plus signs for blanks': (text) => blanks(text, '+'),
  'comments inside keywords': (text) =>
    text.replace(
      /\b(union|select|or|and|sleep|order|drop|having|from)\b/gi,
      (word) => `${word[0]}/**/${word.slice(1)}`,
    ),
  'version comments around keywords': (text) =>
    text.replace(/\b(union|select|and|or)\b/gi, (word) => `/*!50000${word}*/`),
};
