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
}
