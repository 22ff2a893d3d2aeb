import type { Plan } from '../../../../runtime/protocol/plan.protocol.ts';

/** Half of what one text of V8 can hold; reading a longer one would throw amid the connection's stream. */
const most = 256 * 1024 * 1024;

/** Bytes that the body of a plan's answer may have: what the plan says, and never more than can be handled. */
export function longestAnswer({ limits }: Pick<Plan, 'limits'>): number {
  return Math.min(limits?.bytes ?? most, most);
}
