import type { IdentityHandle } from '../../runtime/protocol/identity.protocol.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import type { Exchange } from './exchange.ts';
import type { PipelineParts } from './pipeline-parts.ts';
import { tableLabel } from './table-label.ts';

/**
 * Whether the key covers all that a plan does: its own operation, and what it reads or changes besides.
 * @throws MF206 outside the scopes
 */
export function authorizePlan(parts: PipelineParts, exchange: Exchange, plan: Plan): void {
  const handle = exchange.handle as IdentityHandle;
  for (const { operation, table } of [plan, ...(plan.further ?? [])]) {
    parts.psu.authorize(handle, operation, tableLabel(table));
  }
}
