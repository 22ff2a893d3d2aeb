import type { DataApiSettings, GatewayRequest, Plan } from '../../sdk/index.ts';
import { appSettings } from './app-settings.ts';
import { preRequestSql } from './pre-request-sql.ts';
import { requestSettings } from './request-settings.ts';

/**
 * A plan that the project's function (setting dbPreRequest) runs before, with the settings that such a function reads.
 * Names are looked for where the plan itself looks for them. Without such a function the plan is what it was.
 * @param path `request.path`
 */
export function withPreRequest<Own extends Plan>(
  plan: Own,
  settings: DataApiSettings | undefined,
  request: GatewayRequest,
  path: string,
): Own {
  const before = preRequestSql(settings?.dbPreRequest ?? null);
  if (settings === undefined || before === undefined) return plan;
  const all = Object.fromEntries([...requestSettings(request, path), ...appSettings(settings)]);
  return { ...plan, settings: JSON.stringify(all), before };
}
