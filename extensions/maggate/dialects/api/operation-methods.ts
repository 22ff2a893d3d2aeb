import type { ApiOperation } from '../../schema-cache/api-operation.ts';

/** HTTP method and kind of path of each operation, in the order they are listed. */
export const operationMethods = {
  list: { method: 'GET', on: 'table' },
  create: { method: 'POST', on: 'table' },
  read: { method: 'GET', on: 'row' },
  replace: { method: 'PUT', on: 'row' },
  update: { method: 'PATCH', on: 'row' },
  delete: { method: 'DELETE', on: 'row' },
} as const satisfies Record<ApiOperation, { method: string; on: 'table' | 'row' }>;
