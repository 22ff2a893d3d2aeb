import type { Cursor } from './cursor.ts';

/** The page of a list with a cursor: where it is, and how long. */
export interface Paging {
  readonly cursor: Cursor;
  readonly limit: number;
}
