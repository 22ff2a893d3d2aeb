import type { JsonText } from '../../sdk/index.ts';
import { columnName } from '../build-sql/column-name.ts';
import { quoteIdentifier } from '../build-sql/quote-identifier.ts';
import type { JsonObject } from '../parse/parse-documents.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { findColumn } from '../schema-cache/find-column.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { invalidBatch } from './invalid-batch.ts';
import { marked } from './json-sql.ts';
import { rowsSql } from './reference-sql.ts';
import type { StepWriter } from './step-writer.ts';
import { valueSql } from './value-sql.ts';

const symbols: Readonly<Record<string, string>> = {
  eq: '=',
  neq: '<>',
  gt: '>',
  gte: '>=',
  lt: '<',
  lte: '<=',
  like: 'like',
  ilike: 'ilike',
};
const words = [...Object.keys(symbols), 'in', 'is', 'not'];
const tests: Readonly<Record<string, string>> = {
  null: 'null',
  '"null"': 'null',
  '"not_null"': 'not null',
  true: 'true',
  false: 'false',
};

/**
 * ` where …` of `{"column": value, "other": {"gt": 5}}`, all of them together; nothing for an empty object. A plain
 * value means equality, null `is null`, a list `in`; an object is operators, or `$ref`, or `$literal`.
 * @throws MF402, MF422, MF423, MF434
 */
export function whereConditionsSql(table: TableSchema, where: JsonObject, writer: StepWriter): string {
  const conditions = [...where.entries].map(([name, json]) => {
    const column = findColumn(table, name, '"where"');
    return columnSql(table, column, json, writer);
  });
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}

function columnSql(table: TableSchema, column: ColumnSchema, json: JsonText, writer: StepWriter): string {
  if (json.kind === 'null') return operatorSql(table, column, 'is', json, writer);
  if (json.kind === 'array') return operatorSql(table, column, 'in', json, writer);
  const isValue =
    json.kind !== 'object' || marked(json, '$ref') !== undefined || marked(json, '$literal') !== undefined;
  if (isValue) return operatorSql(table, column, 'eq', json, writer);
  if (json.entries.size === 0) throw wrong(column, 'an empty object');
  return [...json.entries]
    .map(([word, value]) => operatorSql(table, column, word, value, writer))
    .join(' and ');
}

function operatorSql(
  table: TableSchema,
  column: ColumnSchema,
  word: string,
  json: JsonText,
  writer: StepWriter,
): string {
  const left = columnName('t', column);
  const symbol = Object.hasOwn(symbols, word) ? symbols[word] : undefined;
  if (symbol !== undefined) return `${left} ${symbol} ${valueSql(table, column, json, 'filter', writer)}`;
  if (word === 'not') return `not (${columnSql(table, column, json, writer)})`;
  if (word === 'in') return inSql(table, column, json, writer);
  if (word === 'is') {
    const test = Object.hasOwn(tests, json.source) ? tests[json.source] : undefined;
    if (test === undefined || ((test === 'true' || test === 'false') && column.kind !== 'boolean')) {
      throw wrong(column, `"is" with ${json.source}`);
    }
    return `${left} is ${test}`;
  }
  throw wrong(column, `"${word}"`);
}

function inSql(table: TableSchema, column: ColumnSchema, json: JsonText, writer: StepWriter): string {
  const left = columnName('t', column);
  const reference = marked(json, '$ref');
  if (reference !== undefined) {
    const { reference: all } = writer.refer(reference);
    if (all.row !== '*' || all.column === undefined || all.path.length > 0) {
      throw invalidBatch(`"in" takes all rows of "${all.text}".`, 'Write {"in": {"$ref": "items[*].id"}}.');
    }
    const name = quoteIdentifier(all.column);
    return `${left} in (select x.${name} from pg_catalog.json_to_recordset(${rowsSql(all)}) as x(${name} ${column.type}))`;
  }
  if (json.kind !== 'array') throw wrong(column, '"in" without a list');
  if (json.items.length === 0) return 'false';
  return `${left} in (${json.items.map((item) => valueSql(table, column, item, 'filter', writer)).join(', ')})`;
}

function wrong(column: ColumnSchema, what: string): Error {
  return invalidBatch(
    `The condition on "${column.name}" has ${what}.`,
    `Write {"${column.name}": value} or one of the operators ${words.join(', ')}: {"${column.name}": {"gt": 5}}.`,
  );
}
