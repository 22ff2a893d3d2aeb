import { MagFlockError } from '../../../../../runtime/errors/magflock-error.ts';
import type { Plan, PlanStep } from '../../../../../runtime/protocol/plan.protocol.ts';
import { finalStatement } from './final-statement.ts';
import type { OnceKey } from './once-key.ts';

/**
 * A write that keeps its own answer: its statement becomes the last CTE, and the row is handed to the database's
 * `keep_answer` on its way out.
 * @throws MF500 for a text without a statement
 */
export function keepingPlan(plan: Plan, once: OnceKey): Plan {
  const steps = plan.steps?.map((step, index) => keeping(step, once, index + 1));
  return { ...keeping(plan, once, 0), ...(steps === undefined ? {} : { steps }) };
}

/** @param part number of the statement; it is part of the text */
function keeping<Kept extends Plan | PlanStep>(
  statement: Kept,
  { key, request }: OnceKey,
  part: number,
): Kept {
  const next = statement.parameters.length + 1;
  const { shape } = statement;
  return {
    ...statement,
    sql: keepingSql(statement.sql, `$${next}::bytea, $${next + 1}::bytea, ${part}`),
    parameters: [...statement.parameters, key, request],
    parameterColumns: [...statement.parameterColumns, null, null],
    shape: shape === undefined ? undefined : `${shape} kept ${part}`,
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
