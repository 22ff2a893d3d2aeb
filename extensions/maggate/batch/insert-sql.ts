import { ExtensionError } from '../../sdk/index.ts';
import { quoteIdentifier } from '../build-sql/quote-identifier.ts';
import { tableName } from '../build-sql/table-name.ts';
import type { JsonObject } from '../parse/parse-documents.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { findColumn } from '../schema-cache/find-column.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { invalidBatch } from './invalid-batch.ts';
import type { StepWriter } from './step-writer.ts';
import { valueSql } from './value-sql.ts';
import { writableColumn } from './writable-column.ts';

/** The wire protocol counts parameters in 16 bits; a reference is two. */
const mostValues = 30_000;

/** One INSERT for all rows of an operation; what a row leaves out gets its default. */
export function insertSql(table: TableSchema, documents: readonly JsonObject[], writer: StepWriter): string {
  const named = new Map<string, ColumnSchema>();
  for (const { entries } of documents) {
    for (const name of entries.keys()) if (!named.has(name)) named.set(name, writableColumn(table, name));
  }
  const columns = [...named.values()];
  checkSize(documents.length, columns.length);
  const into = `insert into ${tableName(table)} as t`;
  if (columns.length === 0) {
    const first = table.columns[0];
    if (first === undefined) return `${into} default values`;
    return `${into} (${quoteIdentifier(first.name)}) values ${documents.map(() => '(default)').join(', ')}`;
  }
  const values = documents.map(({ entries }) => {
    const row = columns.map((column) => {
      const json = entries.get(column.name);
      return json === undefined ? 'default' : valueSql(table, column, json, 'body', writer);
    });
    return `(${row.join(', ')})`;
  });
  const names = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const conflict = writer.operation.op === 'upsert' ? conflictSql(table, columns, documents, writer) : '';
  return `${into} (${names}) values ${values.join(', ')}${conflict}`;
}

function checkSize(rows: number, columns: number): void {
  const values = rows * Math.max(columns, 1);
  if (values <= mostValues) return;
  throw new ExtensionError(
    'MF113',
    `${rows} rows of ${columns} columns are ${values} values; one operation takes ${mostValues}.`,
    {
      fix: `Send at most ${Math.floor(mostValues / Math.max(columns, 1))} such rows in one operation.`,
      details: { rows, columns, limit: mostValues },
    },
  );
}

/** Rows that are there are changed in what the operation names; the primary key tells which they are by default. */
function conflictSql(
  table: TableSchema,
  columns: readonly ColumnSchema[],
  documents: readonly JsonObject[],
  { operation }: StepWriter,
): string {
  const target =
    operation.onConflict?.map((name) => findColumn(table, name, '"onConflict"')) ?? table.primaryKey;
  if (target.length === 0) {
    throw invalidBatch(
      `"${table.name}" has no primary key.`,
      'Say with "onConflict" which columns are unique.',
    );
  }
  if (documents.some(({ entries }) => entries.size !== columns.length)) {
    throw invalidBatch(
      'The rows of an upsert do not all have the same columns.',
      'Give each the same, or use several.',
    );
  }
  const rest = columns.filter((column) => !target.includes(column));
  // A row that stays as it is would not be returned.
  const set = (rest.length === 0 ? target.slice(0, 1) : rest).map(({ name }) => {
    const column = quoteIdentifier(name);
    return `${column} = excluded.${column}`;
  });
  const conflict = target.map(({ name }) => quoteIdentifier(name)).join(', ');
  return ` on conflict (${conflict}) do update set ${set.join(', ')}`;
}
