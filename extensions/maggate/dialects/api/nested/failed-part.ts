import type { DatabaseErrorFacts } from '../../../../sdk/index.ts';
import type { ApiPlan } from '../api-plan.ts';

/**
 * A nested write as a plan of the one table that an error is about: PostgreSQL names it, or the parameter it read, or
 * (of rights and row security) says it in its message.
 */
export function failedPart(plan: ApiPlan, facts: DatabaseErrorFacts): ApiPlan {
  const { parameterTables, further } = plan;
  if (parameterTables === undefined) return plan;
  const named =
    facts.parameter === undefined
      ? (facts.table ?? /for (?:table|view|relation) "?(?<name>.+?)"?$/.exec(facts.message)?.groups?.['name'])
      : parameterTables[facts.parameter];
  if (named === undefined || named === plan.table.name) return plan;
  const part = further?.find(({ table, operation }) => table.name === named && operation !== 'select');
  if (part === undefined) return plan;
  return {
    ...plan,
    operation: part.operation,
    table: part.table,
    // Columns of the other tables have the same names.
    parameterColumns: plan.parameterColumns.map((column, index) =>
      parameterTables[index] === named ? column : null,
    ),
  };
}
