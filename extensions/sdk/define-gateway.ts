import type { GatewayDefinition } from '../../runtime/protocol/gateway-extension.protocol.ts';

/** Declares a gateway. Purely typed: returns its argument. */
export function defineGateway<State, Snapshot, Delta>(
  definition: GatewayDefinition<State, Snapshot, Delta>,
): GatewayDefinition<State, Snapshot, Delta> {
  return definition;
}
