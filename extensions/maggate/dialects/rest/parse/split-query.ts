import { RestError } from '../rest-error.ts';
import { decodePart } from './decode-part.ts';

/** A parameter of a query string or form; the value is undefined without `=`. */
export type QueryPair = readonly [name: string, value: string | undefined];

/**
 * Splits a query string or form at `&` and `;`, decoded. A `;` in a value has to be percent-encoded, as with the
 * parser of the original.
 * @throws RestError PGRST100 for bytes that are not UTF-8, 22021 for a NUL, which PostgreSQL cannot hold
 */
export function splitQuery(query: string): readonly QueryPair[] {
  const pairs: QueryPair[] = [];
  const separated = query.includes(';') ? query.replaceAll(';', '&') : query;
  let at = 0;
  while (at < separated.length) {
    const found = separated.indexOf('&', at);
    const end = found === -1 ? separated.length : found;
    const equals = separated.indexOf('=', at);
    if (equals === -1 || equals >= end) pairs.push([decodePart(separated.slice(at, end)), undefined]);
    else pairs.push([decodePart(separated.slice(at, equals)), decodePart(separated.slice(equals + 1, end))]);
    at = end + 1;
  }
  if (query.includes('%00') || query.includes('\0')) {
    throw new RestError(400, '22021', 'invalid byte sequence for encoding "UTF8": 0x00');
  }
  return pairs;
}
