import { defineGateway } from '../../extensions/sdk/gateway.ts';
import type { GatewayContext } from '../../extensions/sdk/index.ts';

let last: GatewayContext | undefined;

/** The context that the slot gave last. */
export function signingContext(): GatewayContext | undefined {
  return last;
}

/** A gateway that only keeps what it is given. */
export const gateway = defineGateway<undefined, undefined, undefined>({
  mounts: ['/api'],
  dialect: 'problem',
  init(context) {
    last = context;
    return undefined;
  },
  applySnapshot() {},
  applyDelta() {},
  plan: () => ({ status: 204, headers: {}, body: '' }),
  answer: () => ({ status: 204, headers: {}, body: '' }),
  explain: (_state, _request, _plan, error) => new Error(error.message),
});
