const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * A number in base 62, zero-padded to a fixed width so that the parts of a key are found by position.
 * @param value not negative
 * @param width characters; a value that needs more is a RangeError
 */
export function base62(value: bigint, width: number): string {
  let text = '';
  let rest = value;
  while (rest > 0n) {
    text = alphabet[Number(rest % 62n)] + text;
    rest /= 62n;
  }
  if (text.length > width) throw new RangeError(`value needs ${text.length} base 62 digits, not ${width}`);
  return text.padStart(width, '0');
}
