import { malformed } from '../../parse/malformed.ts';
import type { ApiLimits } from './api-limits.ts';
import { overLimit } from './over-limit.ts';
import type { ScannedQuery } from './scanned-query.ts';

/** Pages beyond this many rows are refused: PostgreSQL would read and drop them all. */
const furthestOffset = 1_000_000_000;

/**
 * Reads `limit` and `page` (counted from 1).
 * @throws MF405 naming what is allowed, MF426 over the limit of a role or key
 */
export function parseLimit(scanned: ScannedQuery, limits: ApiLimits): { limit: number; offset: number } {
  const limit = scanned.limit === undefined ? limits.defaultLimit : whole('limit', scanned.limit);
  if (limits.rows !== undefined && limit > limits.rows) {
    throw overLimit('rows', limit, limits.rows, `limit=${limits.rows} fits; read on with page=2.`);
  }
  if (limit > limits.maxLimit) {
    throw malformed(
      'limit',
      `limit=${limit} is over the largest allowed limit, ${limits.maxLimit}.`,
      `Ask for at most ${limits.maxLimit} rows and read on with page=2 (setting api.maxLimit).`,
    );
  }
  const page = scanned.page === undefined ? 1 : whole('page', scanned.page);
  const offset = (page - 1) * limit;
  if (offset > furthestOffset) {
    throw malformed(
      'page',
      `page=${page} is over the last page that can be read.`,
      'Filter instead of paging.',
    );
  }
  return { limit, offset };
}

function whole(name: 'limit' | 'page', text: string): number {
  if (!/^[1-9][0-9]{0,9}$/.test(text)) {
    throw malformed(name, `${name}=${text} is not a whole number from 1.`, `Write for example ${name}=20.`);
  }
  return Number(text);
}
