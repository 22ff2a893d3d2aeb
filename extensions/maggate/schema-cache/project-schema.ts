import type { DataSchema } from './data-schema.ts';
import type { TableSchema } from './table-schema.ts';

/** Everything planning knows of one project. Replaced as a whole, never changed. */
export interface ProjectSchema {
  readonly project: string;
  /** Version of the catalogue it was made from. */
  readonly version: number;
  /** Tables and views of the exposed schema by name, in the order of their names. */
  readonly tables: ReadonlyMap<string, TableSchema>;
  /** Number of endpoints: what GET /api lists. */
  readonly endpoints: number;
  /** The same catalogue with relationships and functions, compiled when a request first needs it. */
  readonly data: () => DataSchema;
}
