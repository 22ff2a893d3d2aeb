import type { Plan } from '../../../sdk/index.ts';
import type { ParameterSource } from '../../build-sql/statement.ts';
import type { ApiOperation } from '../../schema-cache/api-operation.ts';
import type { Paging } from './list/paging.ts';

/** What a plan is for: an operation on a table, or what the caller may see (endpoint list, OpenAPI). */
export type Purpose = ApiOperation | 'create-many' | 'endpoints' | 'openapi';

/** A plan of this dialect: the host's plan plus what its answer and its errors need to know. */
export interface ApiPlan extends Plan {
  readonly purpose: Purpose;
  /** True for `Prefer: return=minimal`. */
  readonly minimal: boolean;
  /** Of lists with a cursor. */
  readonly paging?: Paging | undefined;
  /** The answer's row has a tag: that of its body, which is the whole row, or column `etag` of the result. */
  readonly tag?: 'body' | 'column' | undefined;
  /** Where each parameter came from, by position. */
  readonly sources: readonly ParameterSource[];
  /** Of nested writes: the table of each parameter's column, by position. */
  readonly parameterTables?: readonly string[] | undefined;
}
