import { ShapeCache } from '../../plan/shape-cache.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';
import type { PlanTemplate } from './plan-template.ts';

const shapesPerTable = 256;

/** The plans made so far for one table of one schema version. */
export interface TableTemplates {
  /** Read by key with all columns: the hottest of all, without a look-up of its own. */
  read: PlanTemplate | undefined;
  /**
   * All others. The first letter of a key is the operation (l list, g read, c create, u update, r replace,
   * d delete), so that no query text can name the template of another operation.
   */
  readonly shapes: ShapeCache<PlanTemplate>;
}

const templates = new WeakMap<TableSchema, TableTemplates>();

/** Plans of a table go with its schema: a new version of the schema is a new table object. */
export function tableTemplates(table: TableSchema): TableTemplates {
  let found = templates.get(table);
  if (found === undefined) {
    found = { read: undefined, shapes: new ShapeCache(shapesPerTable) };
    templates.set(table, found);
  }
  return found;
}
