import type { CapabilityCall } from '../../../sandbox/broker/capability.ts';

/** A call as a capability gets it from the broker. */
export function aCall(more: Partial<CapabilityCall> = {}): CapabilityCall {
  return {
    extension: 'acme.one',
    name: 'one',
    project: 'main',
    requestId: null,
    scopes: ['*'],
    args: [],
    signal: new AbortController().signal,
    deadline: Date.now() + 20_000,
    spend() {},
    ...more,
  };
}
