import { RestError } from '../rest-error.ts';
import type { RestAction } from '../rest-request.ts';
import type { RestResource } from './parse-path.ts';

/**
 * What a method does with a resource.
 * @throws RestError PGRST101 for a function, PGRST117 for anything else
 */
export function chooseAction(resource: RestResource, schema: string, method: string): RestAction {
  switch (resource.kind) {
    case 'routine':
      return routineAction({ schema, name: resource.name }, method);
    case 'table':
      return tableAction({ schema, name: resource.name }, method);
    case 'root':
      return rootAction(schema, method);
  }
}

function routineAction(routine: { schema: string; name: string }, method: string): RestAction {
  if (method === 'GET' || method === 'HEAD' || method === 'POST') return { kind: 'call', routine, method };
  if (method === 'OPTIONS') return { kind: 'routine-info', routine };
  throw new RestError(405, 'PGRST101', `Cannot use the ${method} method on RPC`);
}

function tableAction(table: { schema: string; name: string }, method: string): RestAction {
  switch (method) {
    case 'GET':
      return { kind: 'read', table, headersOnly: false };
    case 'HEAD':
      return { kind: 'read', table, headersOnly: true };
    case 'POST':
      return { kind: 'mutate', table, mutation: 'create' };
    case 'PATCH':
      return { kind: 'mutate', table, mutation: 'update' };
    case 'PUT':
      return { kind: 'mutate', table, mutation: 'single-upsert' };
    case 'DELETE':
      return { kind: 'mutate', table, mutation: 'delete' };
    case 'OPTIONS':
      return { kind: 'table-info', table };
    default:
      throw unsupportedMethod(method);
  }
}

function rootAction(schema: string, method: string): RestAction {
  if (method === 'GET' || method === 'HEAD')
    return { kind: 'inspect', schema, headersOnly: method === 'HEAD' };
  if (method === 'OPTIONS') return { kind: 'root-info' };
  throw unsupportedMethod(method);
}

function unsupportedMethod(method: string): RestError {
  return new RestError(405, 'PGRST117', `Unsupported HTTP method: ${method}`);
}
