import { crc32 } from 'node:zlib';

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/**
 * CRC-32 (ISO 3309) of everything before it, as six base 62 digits. It proves nothing; it tells a typo from a
 * wrong key without a look-up. Called for every request, hence plain numbers instead of `base62`.
 */
export function keyChecksum(body: string): string {
  let rest = crc32(body);
  let text = '';
  for (let digit = 0; digit < 6; digit++) {
    text = alphabet[rest % 62] + text;
    rest = Math.floor(rest / 62);
  }
  return text;
}
