import type { ListRequest } from '../../parse/list-request.ts';
import { malformed } from '../../parse/malformed.ts';
import type { ApiLimits } from './api-limits.ts';
import { parseFields } from './parse-fields.ts';
import { parseLimit } from './parse-limit.ts';
import { parseSort } from './parse-sort.ts';
import type { ScannedQuery } from './scanned-query.ts';

/**
 * Reads the options of a list in full. Runs once per shape.
 * @throws MF405 naming the option
 */
export function parseList(scanned: ScannedQuery, limits: ApiLimits): ListRequest {
  if (scanned.count !== undefined && scanned.count !== 'exact') {
    throw malformed('count', `count=${scanned.count} is not known.`, 'Write count=exact, or leave it out.');
  }
  if (scanned.q === '') throw malformed('q', 'q is empty.', 'Write q=text, or leave it out.');
  return {
    filters: scanned.filters,
    search: scanned.q,
    sort: scanned.sort === undefined ? [] : parseSort(scanned.sort),
    fields: scanned.fields === undefined ? undefined : parseFields(scanned.fields),
    ...parseLimit(scanned, limits),
    count: scanned.count === 'exact',
  };
}
