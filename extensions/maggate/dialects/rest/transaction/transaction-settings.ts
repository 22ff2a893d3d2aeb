import type { GatewayRequest } from '../../../../sdk/index.ts';
import { quoteIdentifier } from '../../../build-sql/quote-identifier.ts';
import type { DataSchema, Routine } from '../../../schema-cache/data-schema.ts';
import { appSettings } from '../../../transaction/app-settings.ts';
import { requestSettings } from '../../../transaction/request-settings.ts';
import type { TransactionSetting } from '../../../transaction/transaction-setting.ts';
import type { RestRequest } from '../rest-request.ts';
import { belongsToHost } from './belongs-to-host.ts';

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
  const { timezone } = rest.preferences;
  const settings: readonly TransactionSetting[] = [
    ['search_path', [rest.schema, ...schema.settings.dbExtraSearchPath].map(quoteIdentifier).join(', ')],
    ...(schema.roleSettings.get(request.visibleAs) ?? []).filter(([name]) => !belongsToHost(name)),
    ...requestSettings(request, request.mountedPath),
    ...(timezone === undefined ? [] : [['timezone', timezone] as const]),
    ...(routine?.settings ?? []).filter(([name]) => !belongsToHost(name)),
    ...appSettings(schema.settings),
  ];
  return JSON.stringify(Object.fromEntries(settings));
}
