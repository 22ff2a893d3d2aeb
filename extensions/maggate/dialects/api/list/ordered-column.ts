import type { PlannedOrder } from '../../../plan/read-plan.ts';

/** A term of a list's order with what a cursor has to know of it. */
export interface OrderedColumn {
  readonly order: PlannedOrder;
  readonly nullable: boolean;
  /** Type that its value is cast to where PostgreSQL cannot infer one. */
  readonly type: string | undefined;
}
