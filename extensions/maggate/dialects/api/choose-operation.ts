import { ExtensionError } from '../../../sdk/index.ts';
import type { ApiOperation } from '../../schema-cache/api-operation.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';
import { operationMethods } from './operation-methods.ts';

/**
 * The operation that a method means on a table's or a row's path.
 * @throws MF105 for a method that the path never takes, MF104 and MF424 for one that this table does not offer
 */
export function chooseOperation(table: TableSchema, method: string, on: 'table' | 'row'): ApiOperation {
  const asked = method === 'HEAD' ? 'GET' : method;
  for (const [operation, entry] of Object.entries(operationMethods)) {
    if (entry.on !== on || entry.method !== asked) continue;
    if (table.operations.has(operation as ApiOperation)) return operation as ApiOperation;
    throw notOffered(table, operation as ApiOperation);
  }
  const allow = allowedMethods(table, on);
  throw new ExtensionError('MF105', `${method} is not available here.`, {
    fix: allow.length === 0 ? 'GET /api lists what is.' : `This path takes ${allow.join(', ')}.`,
    details: { allow },
  });
}

function notOffered(table: TableSchema, operation: ApiOperation): ExtensionError {
  const list = `/api/${encodeURIComponent(table.name)}`;
  if (operation === 'read') {
    return new ExtensionError('MF104', `Rows of "${table.name}" have no address: it has no primary key.`, {
      fix: `Filter the list: GET ${list}?column=value.`,
    });
  }
  const reason =
    operation !== 'create' && table.primaryKey.length === 0
      ? 'it has no primary key'
      : `it is a ${table.kind.replace('-', ' ')} that PostgreSQL cannot write to`;
  return new ExtensionError('MF424', `"${table.name}" cannot do this: ${reason}.`, {
    fix: table.kind === 'table' ? `Add a primary key to "${table.name}".` : 'Write to the table behind it.',
    details: { allow: allowedMethods(table, operation === 'create' ? 'table' : 'row') },
  });
}

function allowedMethods(table: TableSchema, on: 'table' | 'row'): readonly string[] {
  const methods = Object.entries(operationMethods)
    .filter(([operation, entry]) => entry.on === on && table.operations.has(operation as ApiOperation))
    .map(([, entry]) => entry.method);
  return methods.includes('GET') ? ['GET', 'HEAD', ...methods.filter((method) => method !== 'GET')] : methods;
}
