import type { ApiPlan } from '../dialects/api/api-plan.ts';
import type { BatchOperation } from './batch-operation.ts';
import type { Reference } from './reference.ts';

/** One operation of a batch with its statement. */
export interface PlannedStep {
  readonly operation: BatchOperation;
  /** As if it were a request of its own: what its errors are told by. */
  readonly plan: ApiPlan;
  /** Where it refers to earlier operations; a refusal in the statement names them by position. */
  readonly references: readonly Reference[];
  /**
   * `rows` and `values`: body is a list; `one`: a row or null; `value`: of a function; `list`: body is an answer of
   * /api, `{data, meta}`; `none`: there is no body.
   */
  readonly shows: 'rows' | 'values' | 'one' | 'value' | 'list' | 'none';
  /** Of a select: rows at most. */
  readonly limit: number | undefined;
  /** What else it does, for scopes and hooks. */
  readonly does: NonNullable<ApiPlan['further']>;
}

/** A batch: the plan of its first operation, with the others as steps. */
export interface BatchPlan extends ApiPlan {
  readonly batch: readonly PlannedStep[];
}
