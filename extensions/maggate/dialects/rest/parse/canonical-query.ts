import type { QueryPair } from './split-query.ts';

const keptByComponent = /[!'()*]/g;

/**
 * The parameters sorted by name and encoded again, as Content-Location repeats them. Values of a repeated name follow
 * its first one after commas.
 */
export function canonicalQuery(pairs: readonly QueryPair[]): string {
  const byName = new Map<string, string>();
  for (const [name, value] of pairs) {
    const encoded = encode(value ?? '');
    const before = byName.get(name);
    byName.set(name, before === undefined ? encoded : `${before},${encoded}`);
  }
  return [...byName]
    .sort(([first], [second]) => (first < second ? -1 : 1))
    .map(([name, value]) => `${encode(name)}=${value}`)
    .join('&');
}

/** All but the unreserved characters of RFC 3986. */
function encode(text: string): string {
  return encodeURIComponent(text).replace(
    keptByComponent,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
