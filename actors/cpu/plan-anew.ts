import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { HookOperation } from '../../runtime/protocol/extension-manifest.ts';
import type { ActiveHook, BeforeHookResult } from '../../runtime/protocol/extensions.protocol.ts';
import type { GatewayReplica, GatewayRequest } from '../../runtime/protocol/gateway.protocol.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import { authorizePlan } from './authorize-plan.ts';
import type { Exchange } from './exchange.ts';
import { judgeChanged } from './judge-changed.ts';
import { keepSources } from './keep-sources.ts';
import { parseJson } from './parse-json.ts';
import type { PipelineParts } from './pipeline-parts.ts';

const methods: Readonly<Record<HookOperation, string>> = {
  list: 'GET',
  read: 'GET',
  create: 'POST',
  update: 'PATCH',
  replace: 'PUT',
  delete: 'DELETE',
};

/**
 * Puts what a hook changed through the guard, the gateway and the scopes of the key once more. A hook stays with
 * the table and the row it was asked about, and a read stays a read.
 * @throws MF301, MF303, MF304, MF206, MF662 when it left its table or made a write of a read; what the gateway cannot plan
 */
export async function planAnew(
  parts: PipelineParts,
  exchange: Exchange,
  hook: ActiveHook,
  result: BeforeHookResult,
): Promise<void> {
  const before = exchange.plan as Plan;
  const request = changed(exchange, before, result);
  if (request === undefined) return;
  await judgeChanged(parts, exchange, hook, request, result);
  if (exchange.abandoned) return;
  const planned = await (exchange.gateway as GatewayReplica).plan(request);
  if (
    !('sql' in planned) ||
    planned.table.name !== before.table.name ||
    planned.table.schema !== before.table.schema
  ) {
    throw faulty(hook, 'made another request of it');
  }
  // A caller who reads has not asked for a write, with rights that the extension itself does not have.
  if (planned.access !== before.access) throw faulty(hook, `made a ${planned.access} of a ${before.access}`);
  // Rows that are made meet no conditions: one that is not kept must not look as if it were.
  if (planned.action === 'create' && request.filter !== undefined) {
    throw faulty(hook, 'put a filter on rows that are only made');
  }
  authorizePlan(parts, exchange, planned);
  exchange.gatewayRequest = request;
  exchange.plan = planned;
}

function faulty({ extension }: ActiveHook, problem: string): MagFlockError {
  return new MagFlockError('MF662', `A hook of ${extension} ${problem}.`, { details: { extension } });
}

function changed(exchange: Exchange, plan: Plan, result: BeforeHookResult): GatewayRequest | undefined {
  const { operation, query, filter } = result;
  const hasBody = 'body' in result && result.body !== undefined;
  if (operation === undefined && query === undefined && filter === undefined && !hasBody) return undefined;
  const old = exchange.gatewayRequest as GatewayRequest;
  const text = hasBody ? JSON.stringify(result.body) : old.body;
  const filters = [old.filter, filter].filter((one) => one !== undefined && one !== '');
  return {
    ...old,
    ...(operation === undefined ? {} : { method: methods[operation] }),
    ...(query === undefined ? {} : { query }),
    ...(filters.length === 0 ? {} : { filter: filters.join('&') }),
    body: text,
    json: hasBody ? keepSources(parseJson(text as string), old.json) : old.json,
    headers: {
      ...old.headers,
      // What a hook makes of a body is JSON, whatever it was before.
      ...(hasBody && old.json === undefined ? { 'content-type': 'application/json' } : {}),
      // A caller who deletes expects no row back.
      ...(plan.action === 'delete' && operation !== undefined && operation !== 'delete'
        ? { prefer: 'return=minimal' }
        : {}),
    },
  };
}
