import type { Filter } from '../../parse/filter.ts';
import type { FurtherName } from './reserved-names.ts';

export interface FurtherOption {
  readonly name: FurtherName;
  readonly value: string;
}

/** A query string taken apart, options still as text: enough to look up a cached plan. */
export interface ScannedQuery {
  readonly filters: Filter[];
  sort: string | undefined;
  fields: string | undefined;
  limit: string | undefined;
  page: string | undefined;
  q: string | undefined;
  count: string | undefined;
  /** Words that only trees of relations know; undefined, not empty, when there are none. */
  further: FurtherOption[] | undefined;
}
