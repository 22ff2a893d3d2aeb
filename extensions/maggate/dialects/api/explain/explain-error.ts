import { type DatabaseErrorFacts, ExtensionError, type GatewayRequest } from '../../../../sdk/index.ts';
import type { ProjectSchema } from '../../../schema-cache/project-schema.ts';
import type { ApiPlan } from '../api-plan.ts';
import { rowChanged } from '../conditional/row-changed.ts';
import { failedPart } from '../nested/failed-part.ts';
import { rowNotFound } from '../row-not-found.ts';
import { explainConflict } from './explain-conflict.ts';
import { explainPermission } from './explain-permission.ts';
import { explainValue } from './explain-value.ts';
import type { FailedPlan } from './failed-plan.ts';
import { serverErrorCode } from './server-error-code.ts';

/**
 * What PostgreSQL said about a plan, in the words of this API. The only place that reads SQLSTATEs
 * (documentation, appendix A).
 * @returns the error to answer with; never one that shows SQL or other rows' values
 */
export function explainError(
  schema: ProjectSchema | undefined,
  request: GatewayRequest,
  whole: ApiPlan,
  facts: DatabaseErrorFacts,
): ExtensionError {
  const plan = failedPart(whole, facts);
  const failed: FailedPlan = { table: schema?.tables.get(plan.table.name), request, plan, facts };
  const { sqlstate } = facts;
  if (sqlstate === 'MF404') return rowNotFound(plan);
  const changed = sqlstate === 'MF412' ? rowChanged(plan, facts.message) : undefined;
  if (changed !== undefined) return changed;
  // What our own SQL refuses with. Any other code of ours was raised by code of the project: no voice of ours.
  if (sqlstate === 'MF409' || sqlstate === 'MF422') return new ExtensionError(sqlstate, facts.message);
  if (sqlstate === '42501') return explainPermission(failed);
  if (sqlstate === '23505' || sqlstate === '23503' || sqlstate === '23001' || sqlstate === '23P01') {
    return explainConflict(failed);
  }
  if (sqlstate.startsWith('22') || sqlstate.startsWith('23') || sqlstate === '44000')
    return explainValue(failed);
  if (sqlstate === 'P0001') {
    // RAISE EXCEPTION of a trigger: its text was written for whoever writes the row.
    return new ExtensionError('MF422', facts.message, {
      fix: facts.hint,
      details: { table: plan.table.name },
    });
  }
  if (noSuchOperator.has(sqlstate)) return explainOperator(failed);
  if (schemaChanged.has(sqlstate)) {
    return new ExtensionError('MF425', `"${plan.table.name}" was changed while this request was planned.`, {
      fix: 'Send the request again.',
      details: { table: plan.table.name, sqlstate },
    });
  }
  return new ExtensionError(serverErrorCode(sqlstate), `The database answered with SQLSTATE ${sqlstate}.`, {
    details: { sqlstate, table: plan.table.name },
  });
}

/** undefined_function (an operator is one), ambiguous_function, datatype_mismatch, indeterminate_datatype. */
const noSuchOperator = new Set(['42883', '42725', '42804', '42P18', '42P22']);

/** undefined_table, undefined_column, undefined_object, invalid_schema_name, generated_always. */
const schemaChanged = new Set(['42P01', '42703', '42704', '3F000', '428C9']);

function explainOperator(failed: FailedPlan): ExtensionError {
  const { plan, facts } = failed;
  // PostgreSQL names types, not columns: "operator does not exist: integer ~~ unknown".
  const columns = [...new Set(plan.parameterColumns.filter((name) => name !== null))];
  const named =
    columns.length === 1 ? ` "${columns[0]}" is ${failed.table?.columnsByName.get(columns[0]!)?.type}.` : '';
  return new ExtensionError(
    'MF405',
    `A filter or sort does not fit the type of its column: ${facts.message}.${named}`,
    {
      fix: 'like and ilike need text; json has no equality or order; gt, lt and sort need an ordered type.',
      details: { table: plan.table.name, columns },
    },
  );
}
