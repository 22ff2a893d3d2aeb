import type { Filter } from './filter.ts';

export interface SortTerm {
  readonly column: string;
  readonly descending: boolean;
  readonly nulls: 'first' | 'last' | undefined;
}

/** A list as the caller asked for it, in any dialect: names are not looked up, values not converted. */
export interface ListRequest {
  readonly filters: readonly Filter[];
  /** Text to look for in the text columns. */
  readonly search: string | undefined;
  readonly sort: readonly SortTerm[];
  /** Undefined means all columns. */
  readonly fields: readonly string[] | undefined;
  readonly limit: number;
  /** Rows skipped before the first one. */
  readonly offset: number;
  readonly count: boolean;
}
