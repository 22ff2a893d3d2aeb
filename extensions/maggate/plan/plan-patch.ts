import { ExtensionError } from '../../sdk/index.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { BoundRow } from './bound-row.ts';
import type { UpdatePlan } from './write-plan.ts';

/**
 * PATCH: sets what the body names, key columns included.
 * @throws MF423 when the body names nothing
 */
export function planPatch(
  table: TableSchema,
  row: BoundRow,
  returning: readonly ColumnSchema[] | undefined,
): UpdatePlan {
  if (row.length === 0) {
    throw new ExtensionError('MF423', 'The body names no column to change.', {
      fix: 'Send the columns to change, for example {"name": "new"}.',
    });
  }
  const assignments = row.map(({ column, value }) => ({ column, mode: value.mode }));
  return { table, assignments, keyGuards: [], returning };
}
