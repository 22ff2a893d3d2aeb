import type { Field } from '../../query/query-params.ts';
import type { DataTable } from '../../schema-cache/data-schema.ts';
import type { PlannedField } from '../read-plan.ts';
import { columnField } from './column-field.ts';
import { unknownField } from './unknown-field.ts';

const wholeRow: PlannedField = Object.freeze(unknownField('*'));

/**
 * Looks a field up among the columns of a table. A name that is none of them stays a field without a type: it may be
 * a computed column, and PostgreSQL refuses it otherwise.
 * @param table undefined for rows of no known table
 * @param search see `columnField`
 */
export function resolveField(
  table: DataTable | undefined,
  field: Field,
  search: string | null | undefined = undefined,
): PlannedField {
  const column = table?.columns.get(field.name);
  if (column !== undefined) return columnField(column, field.jsonPath, search);
  if (field.name === '*' && field.jsonPath.length === 0) return wholeRow;
  return { ...unknownField(field.name, field.jsonPath), toJson: true };
}
