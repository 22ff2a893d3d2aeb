import type { ActionPlan } from '../action-plan.ts';

/**
 * Reads no more rows than a role's limit allows, and one to tell that there are more: `checkRows` refuses that answer.
 * What writes has done it by then, so it answers with all its rows.
 */
export function restrictRows(planned: ActionPlan, most: number | undefined): ActionPlan {
  if (most === undefined || writes(planned)) return planned;
  const { offset, limit } = planned.read.range;
  if (limit !== undefined && limit <= most) return planned;
  return { ...planned, read: { ...planned.read, range: { offset, limit: most + 1 } } };
}

function writes(planned: ActionPlan): boolean {
  return planned.kind === 'mutate' || (planned.kind === 'call' && !planned.readOnly);
}
