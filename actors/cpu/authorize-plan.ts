import type { IdentityHandle } from '../../runtime/protocol/identity.protocol.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';

/**
 * Whether the key covers all that a plan does: its own operation, and what it reads or changes besides.
 * @throws MF206 outside the scopes
 */
export function authorizePlan(parts: PipelineParts, exchange: Exchange, plan: Plan): void {
  const handle = exchange.handle as IdentityHandle;
  for (const { operation, table } of [plan, ...(plan.further ?? [])]) {
    parts.psu.authorize(handle, operation, nameInScopes(table));
  }
}

/** Tables of `public` have their name alone; a key for one must not cover that of another schema which is exposed later. */
function nameInScopes({ schema, name }: Plan['table']): string {
  return schema === 'public' ? name : `${schema}.${name}`;
}
