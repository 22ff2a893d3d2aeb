import type { ParameterSource } from '../../../build-sql/statement.ts';
import type { ColumnSchema } from '../../../schema-cache/column-schema.ts';
import type { FailedPlan } from './failed-plan.ts';

export interface Located {
  readonly column: ColumnSchema | undefined;
  readonly source: ParameterSource | undefined;
}

/**
 * The column a value error is about. PostgreSQL names the column itself for NOT NULL, the parameter when its
 * input function refused the text, and neither when a length or scale did: then the columns of the type in the
 * message are searched for the value that is too large.
 */
export function locateColumn(failed: FailedPlan): Located {
  const { table, plan, facts } = failed;
  if (facts.parameter !== undefined) {
    return {
      column: table?.columnsByName.get(plan.parameterColumns[facts.parameter] ?? ''),
      source: plan.sources[facts.parameter],
    };
  }
  if (facts.column !== undefined) return { column: table?.columnsByName.get(facts.column), source: 'body' };
  const candidates = [...new Set(plan.parameterColumns.map((name) => table?.columnsByName.get(name ?? '')))]
    .filter((column) => column !== undefined)
    .filter((column) => couldRefuse(failed, column));
  const column = candidates.length === 1 ? candidates[0] : undefined;
  const position = column === undefined ? -1 : plan.parameterColumns.indexOf(column.name);
  return { column, source: position === -1 ? undefined : plan.sources[position] };
}

function couldRefuse(failed: FailedPlan, column: ColumnSchema): boolean {
  const { facts, plan } = failed;
  // 22001: value too long for type character varying(160)
  const length = /too long for type (.+\((\d+)\))$/.exec(facts.message);
  if (length !== null) {
    const most = Number(length[2]);
    return (
      column.type === length[1] &&
      plan.parameterColumns.some(
        (name, index) => name === column.name && longer(plan.parameters[index], most),
      )
    );
  }
  // 22003: A field with precision 10, scale 2 must round to an absolute value less than 10^8.
  const scale = /precision (\d+), scale (-?\d+)/.exec(facts.detail ?? '');
  if (scale !== null) return column.type === `numeric(${scale[1]},${scale[2]})`;
  // 23514, 23502 of a domain name the domain.
  if (facts.dataType !== undefined)
    return column.type.replace(/^.*\./, '').replaceAll('"', '') === facts.dataType;
  return plan.parameterColumns.filter((name) => name !== null).length === 1;
}

/** PostgreSQL counts characters (code points), not UTF-16 units. */
function longer(text: string | null | undefined, most: number): boolean {
  return text !== null && text !== undefined && text.length > most && [...text].length > most;
}
