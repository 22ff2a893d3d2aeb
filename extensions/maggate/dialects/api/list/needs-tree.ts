import { splitList } from '../../../parse/split-list.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { ScannedQuery } from '../scanned-query.ts';

/** Whether a request has what only trees of relations can do; every other keeps its templates. */
export function needsTree(table: TableSchema, scanned: ScannedQuery): boolean {
  return scanned.further !== undefined || (scanned.fields !== undefined && isTree(table, scanned.fields));
}

/** A name may have such letters, too. */
function isTree(table: TableSchema, fields: string): boolean {
  if (!/[(*!:]/.test(fields)) return false;
  return splitList(fields)?.every(({ text }) => table.columnsByName.has(text.trim())) !== true;
}
