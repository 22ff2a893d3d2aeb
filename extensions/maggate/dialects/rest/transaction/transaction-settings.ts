import type { GatewayRequest } from '../../../../sdk/index.ts';
import { quoteIdentifier } from '../../../build-sql/quote-identifier.ts';
import type { DataSchema, Routine } from '../../../schema-cache/data-schema.ts';
import type { RestRequest } from '../rest-request.ts';
import { belongsToHost } from './belongs-to-host.ts';
import { readCookies } from './read-cookies.ts';

type Setting = readonly [name: string, value: string];

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
    ['search_path', [rest.schema, ...schema.settings.dbExtraSearchPath].map(quoteIdentifier).join(', ')],
    ...(schema.roleSettings.get(request.visibleAs) ?? []).filter(([name]) => !belongsToHost(name)),
    ['request.method', request.method],
    ['request.path', request.mountedPath],
    ['request.headers', JSON.stringify(headers)],
    ['request.cookies', cookie === undefined ? '{}' : JSON.stringify(readCookies(cookie))],
    ...(timezone === undefined ? [] : [['timezone', timezone] as const]),
    ...(routine?.settings ?? []).filter(([name]) => !belongsToHost(name)),
    ...Object.entries(schema.settings.appSettings).map(
      ([name, value]) => [`app.settings.${name}`, value] as const,
    ),
  ];
  return JSON.stringify(Object.fromEntries(settings));
}
