import type { GatewayAnswer } from '../../../../sdk/index.ts';
import type { DataSchema, DataTable } from '../../../schema-cache/data-schema.ts';
import { findRoutine } from '../plan/find-routine.ts';
import { findTable } from '../plan/find-table.ts';
import type { RestAction, RestRequest } from '../rest-request.ts';

type InfoAction = Extract<RestAction, { kind: 'table-info' | 'routine-info' | 'root-info' }>;

/**
 * OPTIONS: which methods a resource takes (RFC 9110 §9.3.7).
 * @throws RestError PGRST205, PGRST202
 */
export function answerInfo(schema: DataSchema, action: InfoAction, request: RestRequest): GatewayAnswer {
  return { status: 200, headers: { Allow: methodsOf(schema, action, request) }, body: '' };
}

function methodsOf(schema: DataSchema, action: InfoAction, request: RestRequest): string {
  switch (action.kind) {
    case 'table-info':
      return tableMethods(findTable(schema, action.table));
    case 'routine-info': {
      const names = new Set(request.query.parameters.map(([name]) => name));
      const { volatility } = findRoutine(schema, action.routine, names, undefined);
      return volatility === 'volatile' ? 'OPTIONS,POST' : 'OPTIONS,GET,HEAD,POST';
    }
    case 'root-info':
      return 'OPTIONS,GET,HEAD';
  }
}

function tableMethods({ insertable, updatable, deletable, primaryKey }: DataTable): string {
  return [
    'OPTIONS,GET,HEAD',
    ...(insertable ? ['POST'] : []),
    ...(insertable && updatable && primaryKey.length > 0 ? ['PUT'] : []),
    ...(updatable ? ['PATCH'] : []),
    ...(deletable ? ['DELETE'] : []),
  ].join(',');
}
