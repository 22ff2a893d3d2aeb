import { hash } from 'node:crypto';

/** Up to this length hashing here beats the way into OpenSSL and back, which costs more than a stage. */
const shortBody = 1_024;

/**
 * Weak entity tag of a body (RFC 9110 §8.8.3). Weak, because the same rows may go out plain or compressed.
 * @param body the body before compression
 */
export function entityTag(body: string): string {
  return body.length <= shortBody
    ? `W/"${quickHash(body)}"`
    : `W/"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
}

const tags = /(?:W\/)?"(?<opaque>[^"]*)"/g;

/**
 * Whether If-None-Match covers a tag, by weak comparison (RFC 9110 §13.1.2): `*`, or a list in which one opaque
 * part is the same. What stands behind a strong tag of a compressed answer (`-gzip`) does not count.
 */
export function noneMatch(ifNoneMatch: string, tag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = tag.slice(tag.indexOf('"') + 1, -1);
  for (const found of ifNoneMatch.matchAll(tags)) {
    if (found.groups?.['opaque']?.replace(/-gzip$/, '') === opaque) return true;
  }
  return false;
}

/**
 * Two multiplicative hashes (the scheme of FNV-1a, 32 bits each, unrelated primes) and the length. Tells versions of
 * a body apart; it proves nothing and is used for nothing else.
 */
function quickHash(body: string): string {
  let one = 0x811c9dc5;
  let other = 0x9747b28c;
  for (let index = 0; index < body.length; index++) {
    const code = body.charCodeAt(index);
    one = Math.imul(one ^ code, 0x01000193);
    other = Math.imul(other ^ code, 0x85ebca6b);
  }
  // The last characters have touched only low bits so far.
  one = Math.imul(one ^ (one >>> 15), 0x2c1b3c6d);
  other = Math.imul(other ^ (other >>> 13), 0xc2b2ae35);
  const high = (one ^ (one >>> 12)) >>> 0;
  const low = (other ^ (other >>> 16)) >>> 0;
  return `${high.toString(36)}-${low.toString(36)}-${body.length.toString(36)}`;
}
