import type { ProjectSchema } from '../../schema-cache/project-schema.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';
import type { ApiLimits } from './api-limits.ts';

/** What every planner of this dialect works on. */
export interface ApiTarget {
  readonly schema: ProjectSchema;
  readonly table: TableSchema;
  readonly limits: ApiLimits;
}
