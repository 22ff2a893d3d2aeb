import type { ReadNode } from '../../../plan/read-plan.ts';
import { findTable } from '../../../schema-cache/find-table.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { TreeTarget } from './tree-target.ts';

/** The table whose rows a node has. */
export function nodeTable(
  { schema, table }: TreeTarget,
  { relationship }: Pick<ReadNode, 'relationship'>,
): TableSchema {
  return relationship === undefined ? table : findTable(schema, relationship.foreignTable.name);
}
