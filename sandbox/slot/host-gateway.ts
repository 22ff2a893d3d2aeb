import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { GatewayAnswer, GatewayReplica } from '../../runtime/protocol/gateway.protocol.ts';
import type { GatewayDefinition } from '../../runtime/protocol/gateway-extension.protocol.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';

/**
 * A gateway as the CPU calls it. Whatever it throws becomes a MagFlockError: an extension's own error keeps its
 * code, anything else is MF699.
 * @param check refuses plans outside the scope of `query.plan`
 */
export function hostGateway(
  gateway: GatewayDefinition<unknown, unknown, unknown>,
  state: unknown,
  check: (planned: Plan | GatewayAnswer) => Plan | GatewayAnswer,
): GatewayReplica {
  return {
    mounts: gateway.mounts,
    dialect: gateway.dialect,
    plan(request) {
      const planned = translated(() => gateway.plan(state, request));
      if (!(planned instanceof Promise)) return check(planned);
      return planned.then(check, (error: unknown) => {
        throw MagFlockError.from(error);
      });
    },
    answer: (request, plan, result) => translated(() => gateway.answer(state, request, plan, result)),
    explain(request, plan, error) {
      const explained = translated(() => gateway.explain(state, request, plan, error));
      return explained instanceof Error ? MagFlockError.from(explained) : explained;
    },
    refuse: (request, error) => gateway.refuse?.(state, request, error),
    preflight: (request) => gateway.preflight?.(state, request),
  };
}

function translated<T>(call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw MagFlockError.from(error);
  }
}
