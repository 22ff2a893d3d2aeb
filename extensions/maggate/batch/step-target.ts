import type { Routine } from '../schema-cache/data-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';

/** What an operation is about, and what its result looks like to later ones. */
export interface StepTarget {
  /** The table, or that whose rows a function gives. Undefined: rows whose columns only PostgreSQL knows. */
  readonly table: TableSchema | undefined;
  /** Of a call. */
  readonly routine: Routine | undefined;
  /** Its result is rows, not one value. */
  readonly rows: boolean;
  /** Its result is the answer of a list, which nobody refers to. */
  readonly list: boolean;
}
