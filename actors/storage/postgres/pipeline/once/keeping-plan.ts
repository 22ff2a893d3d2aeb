import { MagFlockError } from '../../../../../runtime/errors/magflock-error.ts';
import type { Plan } from '../../../../../runtime/protocol/plan.protocol.ts';
import { finalStatement } from './final-statement.ts';
import type { OnceKey } from './once-key.ts';

/**
 * A write that keeps its own answer: its statement becomes the last CTE, and the row is handed to the database's
 * `keep_answer` on its way out.
 * @throws MF500 for a text without a statement
 */
export function keepingPlan(plan: Plan, { key, request }: OnceKey): Plan {
  const next = plan.parameters.length + 1;
  return {
    ...plan,
    sql: keepingSql(plan.sql, `$${next}::bytea, $${next + 1}::bytea, 0`),
    parameters: [...plan.parameters, key, request],
    parameterColumns: [...plan.parameterColumns, null, null],
    shape: plan.shape === undefined ? undefined : `${plan.shape} kept`,
  };
}

/** @param where the first three arguments of `keep_answer` */
function keepingSql(sql: string, where: string): string {
  const at = finalStatement(sql);
  if (at < 0) throw new MagFlockError('MF500', 'The plan has a WITH list and no statement.');
  const list = at === 0 ? 'with ' : `${sql.slice(0, at).trimEnd()}, `;
  return `${list}mg_answer as materialized (${sql.slice(at)})
select mg_answer.* from mg_answer
where mg_sys.keep_answer(${where}, pg_catalog.row_to_json(mg_answer.*))`;
}
