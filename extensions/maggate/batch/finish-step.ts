import { columnList } from '../build-sql/column-list.ts';
import { quoteIdentifier } from '../build-sql/quote-identifier.ts';
import type { DraftedStep } from './drafted-step.ts';
import { batchRefusals, rowsSql, stepSetting } from './reference-sql.ts';
import type { StepWriter } from './step-writer.ts';

/**
 * The whole statement of an operation: its rows as a CTE, and one row with the JSON of what is shown, the number of
 * rows, and, for later operations, the columns they refer to put into a setting of the transaction.
 * @param kept columns that later operations refer to; undefined when none does
 */
export function finishStep(
  step: DraftedStep,
  kept: ReadonlySet<string> | undefined,
  writer: StepWriter,
): string {
  const { columns, limit } = step;
  const names =
    columns === undefined ? [] : [...new Set([...columns.map(({ name }) => name), ...(kept ?? [])])];
  const returned =
    names.length === 0 ? '1 as one' : names.map((name) => `t.${quoteIdentifier(name)}`).join(', ');
  const row = [`${bodySql(step, limit)} as body`, `${countSql(writer)} as rows`];
  if (kept !== undefined) {
    const list = keptSql(step, kept, limit);
    row.push(`pg_catalog.set_config('${stepSetting(writer.operation.step)}', ${list}, true) is null as kept`);
  }
  const referred = writer.references.map(foundSql);
  // All arguments of a function are evaluated, whatever the rest of the statement needs of them.
  if (referred.length > 0) row.push(`pg_catalog.num_nulls(${referred.join(', ')}) as found`);
  return `with w as (\n  ${step.rows(returned)}\n)\nselect ${row.join(',\n  ')}`;

  function foundSql(reference: (typeof writer.references)[number], index: number): string {
    const refused = `mg_sys.refuse('${batchRefusals.noRow}', '${index}')`;
    const { row: wanted } = reference;
    if (wanted === '*') return 'null';
    return `case when pg_catalog.json_array_length(${rowsSql(reference)}) <= ${wanted} then ${refused} end`;
  }
}

function bodySql({ columns, shows }: DraftedStep, limit: number | undefined): string {
  switch (shows) {
    case 'value':
      return '(select (pg_catalog.json_agg(w.value) -> 0)::text from w)';
    case 'values':
      return `(select ${listOf('w.value')} from w)`;
    case 'one':
      return `(select (pg_catalog.json_agg(pg_catalog.row_to_json(d.*)) -> 0)::text from ${fromSql(columns, limit)})`;
    case 'rows':
      return `(select ${listOf('pg_catalog.row_to_json(d.*)')} from ${fromSql(columns, limit)})`;
    default:
      return 'null::text';
  }
}

function listOf(item: string): string {
  return `coalesce(pg_catalog.json_agg(${item})::text, '[]')`;
}

function fromSql(columns: DraftedStep['columns'], limit: number | undefined): string {
  const shown = columns === undefined ? 'w.*' : columnList('w', columns);
  return `(select ${shown} from w${limit === undefined ? '' : ` limit ${limit}`}) as d`;
}

function keptSql(
  { columns, shows }: DraftedStep,
  kept: ReadonlySet<string>,
  limit: number | undefined,
): string {
  if (shows === 'value' || shows === 'values') return `(select ${listOf('w.value')} from w)`;
  const shown =
    columns === undefined ? 'w.*' : [...kept].map((name) => `w.${quoteIdentifier(name)}`).join(', ');
  const all = limit === undefined ? '' : ` limit ${limit}`;
  return `(select ${listOf('pg_catalog.row_to_json(k.*)')} from (select ${shown} from w${all}) as k)`;
}

/** Raises when it is another number than was expected. */
function countSql(writer: StepWriter): string {
  const count = '(select pg_catalog.count(*) from w)';
  const { expect } = writer.operation;
  if (expect === undefined) return count;
  const wanted = writer.parameter(String(expect), 'body', null, 'bigint');
  const refused = `mg_sys.refuse('${batchRefusals.unexpected}', ${count}::text)::bigint`;
  return `case when ${count} = ${wanted} then ${count} else ${refused} end`;
}
