import type { GatewayAnswer } from '../../../runtime/protocol/gateway.protocol.ts';
import type { Plan } from '../../../runtime/protocol/plan.protocol.ts';
import type { Broker } from '../broker.ts';

/**
 * `query.plan`: what a gateway planned may only concern tables of its scope. Answers that need no database pass.
 * Costs one look-up per request.
 */
export function queryPlanCapability(broker: Broker): (planned: Plan | GatewayAnswer) => Plan | GatewayAnswer {
  broker.demand('query.plan');
  if (broker.scopes('query.plan').includes('*')) return (planned) => planned;
  return (planned) => {
    if ('sql' in planned) broker.demand('query.plan', planned.table.name);
    return planned;
  };
}
