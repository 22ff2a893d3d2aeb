import type { SelectNode } from '../../query/query-params.ts';
import type { DataSchema, DataTable } from '../../schema-cache/data-schema.ts';
import { columnField } from '../field/column-field.ts';
import { representField } from '../field/represent-field.ts';
import { resolveField } from '../field/resolve-field.ts';
import type { PlannedSelect } from '../read-plan.ts';
import { nameSelected } from './name-selected.ts';

type SelectedField = Extract<SelectNode, { kind: 'field' }>;

/**
 * Plans the columns that a node shows.
 * @param options.expand `*` must become the list of columns: rows are aggregated here or above
 * @param options.spread the node's columns are shown by its parent
 */
export function planSelect(
  schema: DataSchema,
  table: DataTable | undefined,
  fields: readonly SelectedField[],
  options: { readonly expand: boolean; readonly spread: boolean },
): readonly PlannedSelect[] {
  const expand = options.expand || represented(schema, table);
  const planned: PlannedSelect[] = [];
  for (const selected of fields) {
    const { field, aggregate, aggregateCast, cast, alias } = selected;
    if (expand && field.name === '*' && field.jsonPath.length === 0) {
      if (aggregate === undefined) {
        for (const column of table?.columns.values() ?? []) {
          const shown = representField(schema, columnField(column), 'output');
          planned.push(nameSelected({ ...selected, field: shown }, options.spread));
        }
        continue;
      }
      if (aggregate === 'count' && options.spread) {
        // count(*) in the parent would count the parent's rows, too.
        const row = { ...resolveField(table, field), fullRow: true };
        planned.push(nameSelected({ field: row, aggregate, aggregateCast, cast, alias }, true));
        continue;
      }
    }
    const shown = representField(schema, resolveField(table, field), 'output');
    planned.push(nameSelected({ field: shown, aggregate, aggregateCast, cast, alias }, options.spread));
  }
  return planned;
}

function represented(schema: DataSchema, table: DataTable | undefined): boolean {
  if (schema.representations.size === 0 || table === undefined) return false;
  for (const column of table.columns.values()) {
    if (schema.representations.has(`${column.nominalType}\0json`)) return true;
  }
  return false;
}
