import type { GatewayRequest } from '../../../../sdk/index.ts';
import { quoteIdentifier } from '../../../build-sql/quote-identifier.ts';
import type { DataSchema, Routine } from '../../../schema-cache/data-schema.ts';
import type { RestRequest } from '../rest-request.ts';
import { readCookies } from './read-cookies.ts';

type Setting = readonly [name: string, value: string];

/** Isolation is that of BEGIN, not a setting inside the transaction. */
const isolation = new Set(['default_transaction_isolation', 'transaction_isolation']);

/**
 * The settings of a request's transaction as JSON text: where names are looked for, what the role and the function
 * want, and `request.*` for policies and functions. Who asks is set by the host.
 * @param routine whose `SET` clauses hold for the whole transaction
 */
export function transactionSettings(
  schema: DataSchema,
  request: GatewayRequest,
  rest: RestRequest,
  routine: Routine | undefined,
): string {
  const { cookie, ...headers } = request.headers;
  const { timezone } = rest.preferences;
  const settings: readonly Setting[] = [
    ['search_path', searchPath([rest.schema, ...schema.settings.dbExtraSearchPath])],
    ...(schema.roleSettings.get(request.visibleAs) ?? []).filter(([name]) => !isolation.has(name)),
    ['request.method', request.method],
    ['request.path', request.mountedPath],
    ['request.headers', JSON.stringify(headers)],
    ['request.cookies', cookie === undefined ? '{}' : JSON.stringify(readCookies(cookie))],
    ...(timezone === undefined ? [] : [['timezone', timezone] as const]),
    ...(routine?.settings ?? []),
    ...Object.entries(schema.settings.appSettings).map(
      ([name, value]) => [`app.settings.${name}`, value] as const,
    ),
  ];
  return JSON.stringify(Object.fromEntries(settings));
}

/** Temporary tables come last: they must not stand in for tables of the project. */
function searchPath(schemas: readonly string[]): string {
  return [...schemas.map(quoteIdentifier), 'pg_temp'].join(', ');
}
