import { hash } from 'node:crypto';

/**
 * Weak entity tag of a body (RFC 9110 §8.8.3). Weak, because the same rows may go out plain or compressed.
 * @param body the body before compression
 */
export function entityTag(body: string): string {
  return `W/"${hash('sha256', body, 'base64url').slice(0, 22)}"`;
}

const tags = /(?:W\/)?"(?<opaque>[^"]*)"/g;

/**
 * Whether If-None-Match covers a tag, by weak comparison (RFC 9110 §13.1.2): `*`, or a list in which one opaque
 * part is the same.
 */
export function noneMatch(ifNoneMatch: string, tag: string): boolean {
  if (ifNoneMatch.trim() === '*') return true;
  const opaque = tag.slice(tag.indexOf('"') + 1, -1);
  for (const found of ifNoneMatch.matchAll(tags)) if (found.groups?.['opaque'] === opaque) return true;
  return false;
}
