import type { DataSchema } from '../../schema-cache/data-schema.ts';
import type { ProjectSchema } from '../../schema-cache/project-schema.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';
import type { ApiLimits } from './api-limits.ts';

/** What every planner of this dialect works on. */
export interface ApiTarget {
  readonly schema: ProjectSchema;
  readonly table: TableSchema;
  readonly limits: ApiLimits;
  readonly facts: ApiFacts;
}

/** What only some requests need of the thread they are planned in. */
export interface ApiFacts {
  /** The same catalogue with relationships; compiled when it is first asked for. */
  data(): DataSchema | undefined;
  /** See `GatewayContext.verify`. */
  verify(text: string, signature: string): boolean;
}
