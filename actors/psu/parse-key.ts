import { keyChecksum } from './key-checksum.ts';
import { keyPattern } from './key-pattern.ts';

export type ParsedKey =
  | { readonly problem: null; readonly kind: 'public' | 'secret'; readonly project: string }
  /** `mistyped`: begins like a key but cannot be one. `foreign`: nothing of ours. */
  | { readonly problem: 'mistyped' | 'foreign' };

const mistyped: ParsedKey = { problem: 'mistyped' };
const foreign: ParsedKey = { problem: 'foreign' };

/** Reads the shape of a presented key, without a look-up. The checksum is no secret, so it is compared plainly. */
export function parseKey(presented: string): ParsedKey {
  const match = keyPattern.exec(presented);
  if (match === null) return presented.startsWith('ak_') ? mistyped : foreign;
  if (keyChecksum(presented.slice(0, -6)) !== match[4]) return mistyped;
  return { problem: null, kind: match[1] === 'pub' ? 'public' : 'secret', project: match[2] ?? '' };
}
