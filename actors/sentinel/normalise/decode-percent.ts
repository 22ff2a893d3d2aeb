/** A decoded character and how many units of the source it took; `taken` 0 means that nothing was decoded. */
export interface Decoded {
  code: number;
  taken: number;
}

/** Value of a hexadecimal digit, -1 for anything else. */
export function hexValue(code: number): number {
  if (code >= 48 && code <= 57) return code - 48;
  const lower = code | 32;
  return lower >= 97 && lower <= 102 ? lower - 87 : -1;
}

function byteAt(units: Uint16Array, at: number, end: number): number {
  if (at + 2 >= end || units[at] !== 37) return -1;
  const high = hexValue(units[at + 1]!);
  const low = hexValue(units[at + 2]!);
  return high < 0 || low < 0 ? -1 : high * 16 + low;
}

/**
 * Decodes what begins with the `%` at `at`: `%27`, `%u0027`, a UTF-8 sequence (`%EF%BC%87`), also an overlong one
 * (`%C0%A7`), which lenient decoders take for ASCII (RFC 3629 §10).
 * @param result filled in; characters beyond the BMP become U+FFFD, no token can be made of them
 */
export function decodePercent(units: Uint16Array, at: number, end: number, result: Decoded): void {
  result.taken = 0;
  if (at + 5 < end && (units[at + 1]! | 32) === 117) {
    let code = 0;
    for (let digit = 2; digit < 6; digit += 1) {
      const value = hexValue(units[at + digit]!);
      if (value < 0) return;
      code = code * 16 + value;
    }
    result.code = code;
    result.taken = 6;
    return;
  }
  const first = byteAt(units, at, end);
  if (first < 0) return;
  result.taken = 3;
  result.code = first;
  if (first < 0x80) return;
  const more = first >= 0xf0 && first < 0xf8 ? 3 : first >= 0xe0 ? 2 : first >= 0xc0 ? 1 : 0;
  let code = more === 0 || first >= 0xf8 ? 0xfffd : first & (0x3f >> more);
  for (let step = 1; step <= more; step += 1) {
    const next = byteAt(units, at + step * 3, end);
    if (next < 0x80 || next > 0xbf) {
      result.code = 0xfffd;
      return;
    }
    code = code * 64 + (next & 0x3f);
  }
  result.taken = 3 + more * 3;
  result.code = code > 0xffff ? 0xfffd : code;
}
