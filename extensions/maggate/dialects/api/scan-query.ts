import { malformed } from '../../parse/malformed.ts';
import { percentDecode } from '../../parse/percent-decode.ts';
import { unstorable } from '../../parse/unstorable.ts';
import type { ReservedName } from './reserved-names.ts';
import { scanFilter } from './scan-filter.ts';
import type { ScannedQuery } from './scanned-query.ts';

const columnPrefix = 'col.';

/**
 * Takes a query string apart: first of the three steps scan → parse → plan. Cheap, because it runs for every
 * request; the rest runs once per shape.
 * @param query raw, without `?`
 * @throws MF405 for malformed escapes, an option given twice, a name without a value
 */
export function scanQuery(query: string): ScannedQuery {
  const scanned: ScannedQuery = {
    filters: [],
    sort: undefined,
    fields: undefined,
    limit: undefined,
    page: undefined,
    q: undefined,
    count: undefined,
    further: undefined,
  };
  let at = 0;
  while (at < query.length) {
    const ampersand = query.indexOf('&', at);
    const end = ampersand === -1 ? query.length : ampersand;
    if (end > at) scanPair(query.slice(at, end), scanned);
    at = end + 1;
  }
  return scanned;
}

function scanPair(pair: string, scanned: ScannedQuery): void {
  const equals = pair.indexOf('=');
  const name = decode(equals === -1 ? pair : pair.slice(0, equals), pair);
  if (equals === -1) {
    throw malformed(name, `"${name}" has no value.`, `Write ${name}=value.`);
  }
  const value = decode(pair.slice(equals + 1), pair);
  switch (name) {
    case 'sort':
    case 'limit':
    case 'page':
    case 'fields':
    case 'q':
    case 'count':
      setOption(scanned, name, value);
      break;
    case 'group':
    case 'distinct':
    case 'search':
    case 'cursor':
      if (scanned.further?.some((option) => option.name === name)) throw givenTwice(name);
      scanned.further = [...(scanned.further ?? []), { name, value }];
      break;
    case 'or':
    case 'and':
    case 'not.or':
    case 'not.and':
    case 'having':
      scanned.further = [...(scanned.further ?? []), { name, value }];
      break;
    case '':
      throw malformed('', `"${pair}" has no name before the equals sign.`);
    default:
      scanned.filters.push(
        scanFilter(name.startsWith(columnPrefix) ? name.slice(columnPrefix.length) : name, value),
      );
  }
}

function setOption(scanned: ScannedQuery, name: ReservedName, value: string): void {
  if (scanned[name] !== undefined) throw givenTwice(name);
  scanned[name] = value;
}

function givenTwice(name: string): Error {
  return malformed(
    name,
    `"${name}" is given twice.`,
    `Give it once; a column of that name is filtered with col.${name}=value.`,
  );
}

function decode(text: string, pair: string): string {
  const decoded = percentDecode(text, true);
  if (decoded === undefined) {
    throw malformed(
      pair,
      `"${pair}" is not valid percent-encoded UTF-8.`,
      'Write a percent sign as %25 (curl: --data-urlencode).',
    );
  }
  const problem = unstorable(decoded);
  if (problem !== undefined) throw malformed(pair, `"${pair}" ${problem}.`);
  return decoded;
}
