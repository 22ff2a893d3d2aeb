import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import { tableLabel } from './table-label.ts';

type Operation = Pick<Plan, 'operation' | 'table'>;

/**
 * All that a plan does, for the audit trail, in order: `insert orders; insert item ×3; update stock`. Undefined where it
 * is one operation, which the entry names anyway.
 */
export function auditedOperations(plan: Plan): string | undefined {
  const { steps, further } = plan;
  const all: readonly Operation[] =
    steps === undefined
      ? [plan, ...(further ?? []).filter(({ operation }) => operation !== 'select')]
      : [plan, ...steps];
  if (steps === undefined && all.length === 1) return undefined;
  const told: string[] = [];
  let times = 0;
  for (const [index, one] of all.entries()) {
    times += 1;
    const next = all[index + 1];
    const name = nameOf(one);
    if (next !== undefined && nameOf(next) === name) continue;
    told.push(times === 1 ? name : `${name} ×${times}`);
    times = 0;
  }
  return told.join('; ');
}

function nameOf({ operation, table }: Operation): string {
  return `${operation} ${tableLabel(table)}`;
}
