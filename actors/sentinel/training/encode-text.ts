import type { Random } from './random.ts';

const hex = (value: number, width: number): string => value.toString(16).padStart(width, '0');
const each = (text: string, change: (code: number, character: string) => string): string =>
  [...text].map((character) => change(character.codePointAt(0)!, character)).join('');
const isAscii = (code: number): boolean => code < 128;

/** Encodings that somebody behind us may undo. */
export const encodings: Readonly<Record<string, (text: string) => string>> = {
  'percent encoding': (text) => encodeURIComponent(text.toWellFormed()),
  'percent encoding of everything': (text) =>
    each(text, (code, c) => (isAscii(code) ? `%${hex(code, 2)}` : c)),
  'percent encoding, twice': (text) => encodeURIComponent(encodeURIComponent(text.toWellFormed())),
  '%uXXXX': (text) => each(text, (code, c) => (isAscii(code) ? `%u${hex(code, 4)}` : c)),
  'overlong UTF-8': (text) =>
    each(text, (code, c) =>
      isAscii(code) ? `%${hex(0xc0 | (code >> 6), 2)}%${hex(0x80 | (code & 63), 2)}` : c,
    ),
  'decimal HTML entities': (text) => each(text, (code) => `&#${code};`),
  'hexadecimal HTML entities': (text) => each(text, (code) => `&#x${hex(code, 2)};`),
  '\\uXXXX': (text) => each(text, (code, c) => (code < 0x10000 ? `\\u${hex(code, 4)}` : c)),
  '\\xXX': (text) => each(text, (code, c) => (isAscii(code) ? `\\x${hex(code, 2)}` : c)),
  'full width': (text) =>
    each(text, (code, c) => (code > 32 && code < 127 ? String.fromCharCode(code + 0xfee0) : c)),
  'percent before letters': (text) => text.replace(/[A-Za-z]{2,}/g, (part) => each(part, (_, c) => `%${c}`)),
  'zero bytes': (text) => text.replace(/(?<=[a-z])(?=[a-z])/gi, '\0'),
  'zero width': (text) => text.replace(/(?<=[a-z])(?=[a-z])/gi, '\u200b'),
  'plus for blanks': (text) => text.replaceAll(' ', '+'),
};

/** Encodes a text in a way that chance picks. */
export function encodeText(text: string, random: Random): string {
  return random.pick(Object.values(encodings))(text);
}
