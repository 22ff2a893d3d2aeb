import { ExtensionError } from '../../sdk/index.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { BatchWord } from './batch-operation.ts';

/**
 * Whether PostgreSQL can do this to a table or view. No key is needed: conditions say which rows.
 * @throws MF424
 */
export function checkOffered(table: TableSchema, op: Exclude<BatchWord, 'call'>): void {
  if (op === 'select' || table.kind === 'table' || table.kind === 'partitioned-table') return;
  // What has no key offers no change of single rows; whether a view takes changes is seen by what it takes at all.
  if (table.operations.has('create') || table.operations.has(op === 'delete' ? 'delete' : 'update')) return;
  throw new ExtensionError(
    'MF424',
    `"${table.name}" cannot do this: it is a ${table.kind.replace('-', ' ')} that PostgreSQL cannot write to.`,
    {
      fix: 'Write to the table behind it.',
      details: { table: table.name, allow: [] },
    },
  );
}
