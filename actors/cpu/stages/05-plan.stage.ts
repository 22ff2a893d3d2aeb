import type { GatewayAnswer, GatewayRequest } from '../../../runtime/protocol/gateway.protocol.ts';
import type { Plan } from '../../../runtime/protocol/plan.protocol.ts';
import { authorizePlan } from '../authorize-plan.ts';
import type { Exchange } from '../exchange.ts';
import type { PipelineParts } from '../pipeline-parts.ts';

/**
 * Stage 5: request → plan, or the answer itself where no database is needed (the list of endpoints). The gateway
 * sees no key; what it planned is then checked against the scopes of the key.
 * @throws what the gateway cannot plan; MF206 outside the scopes
 */
export function plan(parts: PipelineParts, exchange: Exchange): void | Promise<void> {
  const { context, gateway, identity, mount } = exchange;
  const open = identity === undefined && gateway?.anonymous !== undefined;
  if (gateway === undefined || mount === undefined || (identity === undefined && !open)) {
    throw new TypeError('Planned before authenticated.');
  }
  const { all, withoutKeys } = exchange.request.readHeaders();
  const cookie = (mount.tokens ?? false) === false ? undefined : all['cookie'];
  const request: GatewayRequest = {
    id: context.id,
    trace: context.trace,
    project: context.project,
    // HEAD is GET without the body (RFC 9110 §9.3.2); the respond stage leaves the body out.
    method: context.method === 'HEAD' && mount.ownMethods !== true ? 'GET' : context.method,
    path: context.path,
    query: context.query,
    headers: cookie === undefined ? withoutKeys : { ...withoutKeys, cookie },
    body: context.body,
    bytes: exchange.bytes,
    json: context.json,
    address: context.address,
    deadline: context.deadline,
    startedAt: context.startedAt,
    mount: mount.prefix,
    mountedPath: exchange.mountedPath,
    visibleAs: identity?.role ?? 'anon',
    isAnonymous: identity?.isAnonymous ?? true,
    limits: identity?.scopes.limits,
  };
  exchange.gatewayRequest = request;
  const planned = gateway.plan(
    request,
    identity === undefined ? null : { role: identity.role, claims: identity.claims },
  );
  if (planned instanceof Promise) return planned.then((later) => keep(parts, exchange, later));
  keep(parts, exchange, planned);
  return undefined;
}

function keep(parts: PipelineParts, exchange: Exchange, planned: Plan | GatewayAnswer): void {
  if (!('sql' in planned)) {
    exchange.answer = planned;
    return;
  }
  authorizePlan(parts, exchange, planned);
  exchange.plan = planned;
}
