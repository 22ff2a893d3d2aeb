import type { HookFacts } from '../../runtime/protocol/extensions.protocol.ts';
import type { GatewayRequest } from '../../runtime/protocol/gateway.protocol.ts';
import type { Identity } from '../../runtime/protocol/identity.protocol.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import type { Exchange } from './exchange.ts';

/** What a hook is told of the operation: what the gateway planned with, and never a key. */
export function hookFacts(exchange: Exchange, answer?: HookFacts['answer']): HookFacts {
  const { gatewayRequest, mountedPath } = exchange;
  const { action, table } = exchange.plan as Plan;
  const { role, claims } = exchange.identity as Identity;
  const slash = mountedPath.indexOf('/', 1);
  const id = slash === -1 || slash === mountedPath.length - 1 ? null : mountedPath.slice(slash + 1);
  return {
    project: exchange.context.project,
    operation: action as HookFacts['operation'],
    table: table.name,
    // The gateway has planned with it, so it is well-formed.
    id: id === null ? null : decodeURIComponent(id),
    query: gatewayRequest?.query ?? '',
    body: bodyOf(gatewayRequest),
    role,
    claims: JSON.parse(claims) as HookFacts['claims'],
    requestId: exchange.context.id,
    ...(answer === undefined ? {} : { answer }),
  };
}

/** The document, or the text of a body that is none (CSV, a form). */
function bodyOf(request: GatewayRequest | undefined): unknown {
  const { body, json } = request ?? {};
  if (body === undefined) return null;
  return json === undefined ? body : (JSON.parse(body) as unknown);
}
