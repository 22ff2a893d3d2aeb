import { columnField } from '../../../plan/field/column-field.ts';
import { unknownField } from '../../../plan/field/unknown-field.ts';
import type { PlannedField } from '../../../plan/read-plan.ts';
import type { ColumnSchema } from '../../../schema-cache/column-schema.ts';
import { nameKey } from '../../../schema-cache/name-key.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { TreeTarget } from './tree-target.ts';

/** A column that was found, as planning of trees has it. */
export function tableField({ data }: TreeTarget, table: TableSchema, column: ColumnSchema): PlannedField {
  const found = data.tables.get(nameKey(table.schema, table.name))?.columns.get(column.name);
  return found === undefined ? unknownField(column.name) : columnField(found);
}
