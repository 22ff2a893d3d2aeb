import type { RowRange } from '../../../query/query-params.ts';
import { unsatisfiableRange } from '../errors/unsatisfiable-range.ts';
import { RestError } from '../rest-error.ts';

/** First and last row, both included; a range whose last is before its first is empty. */
interface Bounds {
  readonly first: number;
  readonly last: number;
}

const allRows: Bounds = { first: 0, last: Number.POSITIVE_INFINITY };
const rangeHeader = /^([0-9]+)-([0-9]*)$/;

/**
 * Rows of the top level: `limit` and `offset` within the Range header, which counts for GET only (RFC 9110 §14.2).
 * `limit=0` alone is the one empty range that is allowed.
 * @param given the top level's `limit` and `offset`
 * @throws RestError PGRST103, PGRST114
 */
export function parseTopRange(
  method: string,
  header: string | undefined,
  given: RowRange | undefined,
): RowRange {
  const byHeader = method === 'GET' && header !== undefined ? headerBounds(header) : allRows;
  const byQuery = given === undefined ? allRows : boundsOf(given);
  const noRows = byQuery.last === -1;
  if (!noRows && isEmpty(byHeader)) {
    throw unsatisfiableRange(
      'The lower boundary must be lower than or equal to the upper boundary in the Range header.',
    );
  }
  const bounds = noRows ? { first: 0, last: -1 } : common(byHeader, byQuery);
  if (!noRows && (isEmpty(byQuery) || isEmpty(bounds))) {
    throw unsatisfiableRange('Limit should be greater than or equal to zero.');
  }
  const limit = bounds.last === allRows.last ? undefined : bounds.last - bounds.first + 1;
  if (method === 'PUT' && (bounds.first !== 0 || limit !== undefined)) {
    throw new RestError(400, 'PGRST114', 'limit/offset querystring parameters are not allowed for PUT');
  }
  return { offset: bounds.first, limit };
}

function headerBounds(header: string): Bounds {
  const [, first, last] = rangeHeader.exec(header) ?? [];
  if (first === undefined) return allRows;
  return { first: Number(first), last: last === '' ? allRows.last : Number(last) };
}

function boundsOf({ offset, limit }: RowRange): Bounds {
  return { first: offset, last: limit === undefined ? allRows.last : offset + limit - 1 };
}

function common(one: Bounds, other: Bounds): Bounds {
  return { first: Math.max(one.first, other.first), last: Math.min(one.last, other.last) };
}

function isEmpty({ first, last }: Bounds): boolean {
  return last < first;
}
