import type { Plan } from '../../../../runtime/protocol/plan.protocol.ts';

const explain = /^\s*explain\s*\([^)]*\)\s*/i;

/**
 * A plan that asks what another one would cost, without running it. Its pre-request runs: the policies and the role may
 * depend on what it sets. What it wrote is undone, since it runs once more with the plan itself.
 */
export function costPlan(plan: Plan): Plan {
  const { table, parameters, parameterColumns, schemaVersion, answer, before } = plan;
  const setUp = before === undefined ? undefined : ({ before, end: 'rollback' } as const);
  return {
    access: setUp === undefined ? 'read' : plan.access,
    operation: 'select',
    table,
    sql: `explain (format json) ${plan.explains === true ? plan.sql.replace(explain, '') : plan.sql}`,
    parameters,
    parameterColumns,
    shape: undefined,
    schemaVersion,
    answer,
    explains: true,
    ...setUp,
  };
}

/** The total cost in the JSON of an EXPLAIN. */
export function totalCost(json: string | null): number {
  const [explained] = JSON.parse(json ?? '[]') as { Plan?: { 'Total Cost'?: number } }[];
  return explained?.Plan?.['Total Cost'] ?? 0;
}
