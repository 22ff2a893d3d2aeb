import type { DataSchema } from '../../../schema-cache/data-schema.ts';
import type { ProjectSchema } from '../../../schema-cache/project-schema.ts';

/** What the reading of one body shares. */
export interface NestedReading {
  readonly schema: ProjectSchema;
  readonly relations: DataSchema;
  /** `create`: objects are new rows. `change`: those with a key are rows that exist. */
  readonly mode: 'create' | 'change';
  /** Rows so far. */
  rows: number;
}
