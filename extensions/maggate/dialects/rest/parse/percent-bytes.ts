const twoHexDigits = /^[0-9a-fA-F]{2}$/;

/** The bytes behind a percent-encoded text; a `%` without two hexadecimal digits stands for itself. */
export function percentBytes(text: string): Uint8Array {
  const source = new TextEncoder().encode(text);
  const bytes = new Uint8Array(source.length);
  let length = 0;
  for (let at = 0; at < source.length; at += 1) {
    const digits = source[at] === 37 ? String.fromCharCode(...source.subarray(at + 1, at + 3)) : '';
    const escaped = twoHexDigits.test(digits);
    bytes[length] = escaped ? Number.parseInt(digits, 16) : (source[at] as number);
    length += 1;
    if (escaped) at += 2;
  }
  return bytes.subarray(0, length);
}
