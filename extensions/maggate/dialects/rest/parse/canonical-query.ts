import { encodePart } from './encode-part.ts';
import type { QueryPair } from './split-query.ts';

/**
 * The parameters sorted by name and encoded again, as Content-Location repeats them. Values of a repeated name follow
 * its first one after commas.
 */
export function canonicalQuery(pairs: readonly QueryPair[]): string {
  const byName = new Map<string, string>();
  for (const [name, value] of pairs) {
    const encoded = encodePart(value ?? '');
    const before = byName.get(name);
    byName.set(name, before === undefined ? encoded : `${before},${encoded}`);
  }
  return [...byName]
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([name, value]) => `${encodePart(name)}=${value}`)
    .join('&');
}
