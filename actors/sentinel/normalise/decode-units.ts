import { type Decoded, decodePercent, hexValue } from './decode-percent.ts';
import { foldTable, REMOVED } from './fold-table.ts';
import { namedEntities } from './named-entities.ts';
import { HAS_ENCODING, signsOf, type UnitBuffer } from './unit-buffer.ts';

const PERCENT = 37;
const AMPERSAND = 38;
const BACKSLASH = 92;
const result: Decoded = { code: 0, taken: 0 };

/**
 * One round of decoding, in place: percent encoding, `%` put before each letter, HTML entities, `\uXXXX` and `\xXX`,
 * then the characters that only look different or are not seen at all.
 * @returns whether an encoding was found, so that another round may find more
 */
export function decodeUnits(buffer: UnitBuffer): boolean {
  const { units } = buffer;
  const end = buffer.length;
  let write = 0;
  let signs = 0;
  let decoded = false;
  let split = -9;
  for (let at = 0; at < end; ) {
    let code = units[at]!;
    if (code < 128 && (signsOf(code) & HAS_ENCODING) === 0) {
      units[write] = code;
      signs |= signsOf(code);
      write += 1;
      at += 1;
      continue;
    }
    let taken = 1;
    if (code === PERCENT || code === AMPERSAND || code === BACKSLASH) {
      result.taken = 0;
      if (code === PERCENT) decodePercent(units, at, end, result);
      else if (code === AMPERSAND) decodeEntity(units, at, end);
      else decodeEscape(units, at, end);
      if (result.taken > 0) {
        code = result.code;
        taken = result.taken;
        decoded = true;
      } else if (code === PERCENT && isSplit(units, at, end, split)) {
        split = at;
        at += 1;
        continue;
      }
    } else if (code === 0xd835 && at + 1 < end) {
      // Mathematical letters and digits (U+1D400…): the same alphabet in another dress.
      code = mathematical(units[at + 1]!);
      taken = 2;
    }
    const folded = foldTable[code & 0xffff]!;
    if (folded !== REMOVED) {
      const kept = folded === 0 ? code : folded;
      units[write] = kept;
      signs |= signsOf(kept);
      write += 1;
    }
    at += taken;
  }
  buffer.signs = signs;
  buffer.end(write);
  return decoded;
}

/** `%S%E%L%E%C%T`: a percent sign before each letter, which old ASP servers drop. */
function isSplit(units: Uint16Array, at: number, end: number, previous: number): boolean {
  if (at + 1 >= end || !isLetter(units[at + 1]!)) return false;
  return previous === at - 2 || (units[at + 2] === PERCENT && isLetter(units[at + 3]!));
}

function isLetter(code: number): boolean {
  const lower = code | 32;
  return lower >= 97 && lower <= 122;
}

function decodeEntity(units: Uint16Array, at: number, end: number): void {
  let next = at + 1;
  if (next >= end) return;
  let code = 0;
  if (units[next] === 35) {
    next += 1;
    const hexadecimal = next < end && (units[next]! | 32) === 120;
    if (hexadecimal) next += 1;
    const first = next;
    while (next < end && next - first < 8) {
      const value = hexValue(units[next]!);
      if (value < 0 || (!hexadecimal && value > 9)) break;
      code = code * (hexadecimal ? 16 : 10) + value;
      next += 1;
    }
    if (next === first) return;
    if (next < end && units[next] === 59) next += 1;
    result.code = code > 0xffff ? 0xfffd : code;
    result.taken = next - at;
    return;
  }
  let name = '';
  while (next < end && name.length < 8 && (units[next]! | 32) >= 97 && (units[next]! | 32) <= 122) {
    name += String.fromCharCode(units[next]! | 32);
    next += 1;
  }
  const known = units[next] === 59 && next < end ? namedEntities.get(name) : undefined;
  if (known === undefined) return;
  result.code = known;
  result.taken = next + 1 - at;
}

function decodeEscape(units: Uint16Array, at: number, end: number): void {
  const kind = at + 1 < end ? units[at + 1]! : 0;
  const digits = kind === 117 ? 4 : kind === 120 ? 2 : 0;
  if (digits === 0 || at + 1 + digits >= end) return;
  let code = 0;
  for (let digit = 0; digit < digits; digit += 1) {
    const value = hexValue(units[at + 2 + digit]!);
    if (value < 0) return;
    code = code * 16 + value;
  }
  result.code = code;
  result.taken = 2 + digits;
}

function mathematical(low: number): number {
  const offset = low - 0xdc00;
  if (offset < 0 || offset > 0x3ff) return 0xfffd;
  if (offset >= 0x3ce) return 48 + ((offset - 0x3ce) % 10);
  if (offset > 0x2a3) return 0xfffd;
  const letter = offset % 52;
  return letter < 26 ? 65 + letter : 71 + letter;
}
