import { ExtensionError } from '../../../../sdk/index.ts';
import type { ApiOperation } from '../../../schema-cache/api-operation.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { NestedAction } from './nested-row.ts';

const needed: Readonly<Record<NestedAction, ApiOperation>> = {
  insert: 'create',
  upsert: 'create',
  update: 'update',
  replace: 'replace',
  delete: 'delete',
  link: 'read',
};

/**
 * Whether a table takes what a nested object asks for.
 * @throws MF424 for views that PostgreSQL cannot write to, and tables without a key
 */
export function checkWritable(table: TableSchema, action: NestedAction, place: string): void {
  if (table.operations.has(needed[action])) return;
  throw new ExtensionError('MF424', `"${table.name}" cannot do this (${action} in ${place}).`, {
    fix: 'Write to a table with a primary key.',
    details: { table: table.name, allow: [] },
  });
}
