import type { DatabaseErrorFacts, GatewayRequest } from '../../../../sdk/index.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { ApiPlan } from '../api-plan.ts';

/** A plan that PostgreSQL refused, and everything that helps to say why. */
export interface FailedPlan {
  /** Undefined when the table is gone meanwhile. */
  readonly table: TableSchema | undefined;
  readonly request: GatewayRequest;
  readonly plan: ApiPlan;
  readonly facts: DatabaseErrorFacts;
}
