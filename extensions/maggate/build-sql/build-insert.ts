import type { InsertPlan } from '../plan/write-plan.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { assignedSql } from './assigned-sql.ts';
import { columnList } from './column-list.ts';
import { columnName } from './column-name.ts';
import { ParameterList } from './parameter-list.ts';
import { quoteIdentifier } from './quote-identifier.ts';
import type { Statement } from './statement.ts';
import { tableName } from './table-name.ts';

/**
 * POST: one INSERT for all rows. Answers the rows as they were stored, in the order of the body, and for a
 * single row its key as `header_location`: a JSON list of texts, which the answer turns into a path.
 */
export function buildInsert(plan: InsertPlan): Statement {
  const { table, returning } = plan;
  const parameters = new ParameterList();
  const returned =
    returning === undefined ? '1' : columnList('t', [...new Set([...returning, ...table.primaryKey])]);
  const text = `with w as (
  insert into ${tableName(table)} as t ${insertedSql(plan, parameters)}
  returning ${returned}
)
select ${answerSql(plan)}`;
  return { text, parameters: parameters.all };
}

function insertedSql(plan: InsertPlan, parameters: ParameterList): string {
  const { table, columns, rows } = plan;
  if (columns.length === 0) {
    // VALUES needs a column; DEFAULT is a value that every column takes.
    const first = table.columns[0];
    if (rows.length === 1 || first === undefined) return 'default values';
    return `(${quoteIdentifier(first.name)}) values ${rows.map(() => '(default)').join(', ')}`;
  }
  const values = rows.map((modes) => {
    const assigned = modes.map((mode, index) =>
      assignedSql(table, { column: columns[index]!, mode }, parameters),
    );
    return `(${assigned.join(', ')})`;
  });
  return `(${columns.map((column) => quoteIdentifier(column.name)).join(', ')}) values ${values.join(', ')}`;
}

function answerSql(plan: InsertPlan): string {
  const { table, many, returning } = plan;
  if (returning === undefined) return 'null::text as body, count(*) as rows from w';
  const from = `from w cross join lateral (select ${columnList('w', returning)}) as d`;
  const row = 'pg_catalog.row_to_json(d.*)';
  if (many) return `coalesce(pg_catalog.json_agg(${row})::text, '[]') as body, count(*) as rows ${from}`;
  return `pg_catalog.string_agg(${row}::text, '') as body, count(*) as rows${locationSql(table.primaryKey)} ${from}`;
}

function locationSql(key: readonly ColumnSchema[]): string {
  if (key.length === 0) return '';
  const parts = key.map((column) => `${columnName('w', column)}::text`).join(', ');
  return `,\n  pg_catalog.string_agg(pg_catalog.json_build_array(${parts})::text, '') as header_location`;
}
