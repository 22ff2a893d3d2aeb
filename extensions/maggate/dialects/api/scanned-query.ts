import type { Filter } from '../../parse/filter.ts';

/** A query string taken apart, options still as text: enough to look up a cached plan. */
export interface ScannedQuery {
  readonly filters: Filter[];
  sort: string | undefined;
  fields: string | undefined;
  limit: string | undefined;
  page: string | undefined;
  q: string | undefined;
  count: string | undefined;
}
