import type { Plan } from '../../sdk/index.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { PlannedStep } from './batch-plan.ts';

/** An operation of a batch whose rows are known, but not yet who needs them. */
export interface DraftedStep {
  /** The statement that finds or writes the rows. @param columns what it returns of each, as SQL */
  readonly rows: (columns: string) => string;
  /** Columns shown; undefined for those of a call, which are not known. */
  readonly columns: readonly ColumnSchema[] | undefined;
  readonly shows: PlannedStep['shows'];
  readonly limit: number | undefined;
  readonly access: Plan['access'];
  readonly operation: Plan['operation'];
  readonly table: Plan['table'];
  readonly does: PlannedStep['does'];
}
