import type { Plan } from '../../sdk/index.ts';
import { orderBySql } from '../build-sql/order-by-sql.ts';
import { quoteIdentifier } from '../build-sql/quote-identifier.ts';
import { tableName } from '../build-sql/table-name.ts';
import type { ApiLimits } from '../dialects/api/api-limits.ts';
import { parseSort } from '../dialects/api/parse-sort.ts';
import { type JsonObject, parseDocuments } from '../parse/parse-documents.ts';
import { planSort } from '../plan/plan-sort.ts';
import { findColumn } from '../schema-cache/find-column.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { checkRows } from './check-rows.ts';
import type { DraftedStep } from './drafted-step.ts';
import { insertSql } from './insert-sql.ts';
import { invalidBatch } from './invalid-batch.ts';
import type { StepWriter } from './step-writer.ts';
import { valueSql } from './value-sql.ts';
import { whereConditionsSql } from './where-conditions-sql.ts';
import { writableColumn } from './writable-column.ts';

/**
 * Plans an operation on a table.
 * @throws MF402, MF405, MF422, MF423, MF424, MF426, MF434
 */
export function draftTableStep(table: TableSchema, writer: StepWriter, limits: ApiLimits): DraftedStep {
  const { op, fields } = writer.operation;
  const columns = fields?.map((name) => findColumn(table, name, '"fields"')) ?? table.columns;
  const shown = columns.length === 0 ? ('none' as const) : ('rows' as const);
  const base = { columns, shows: shown, limit: undefined, table: { schema: table.schema, name: table.name } };
  switch (op) {
    case 'select':
      return { ...base, ...select(table, writer, limits) };
    case 'delete': {
      const where = whereConditionsSql(table, writer.operation.where!, writer);
      const rows = (returned: string) => `delete from ${tableName(table)} as t${where} returning ${returned}`;
      return { ...base, rows, ...doing('delete', table, [['delete', 'delete']]) };
    }
    case 'update':
      return { ...base, ...update(table, writer) };
    default: {
      const { many, rows: documents } = parseDocuments(writer.operation.data, true);
      const written = insertSql(table, documents, writer);
      const rows = (returned: string) => `${written} returning ${returned}`;
      const shows = shown === 'rows' && !many ? ('one' as const) : shown;
      const does = op === 'upsert' ? upserts : inserts;
      return { ...base, rows, shows, ...doing('insert', table, does) };
    }
  }
}

type Done = readonly [operation: Plan['operation'], action: NonNullable<Plan['action']>];
const inserts: readonly Done[] = [['insert', 'create']];
const upserts: readonly Done[] = [...inserts, ['update', 'update']];

function doing(
  operation: Plan['operation'],
  { schema, name }: TableSchema,
  done: readonly Done[],
): Pick<DraftedStep, 'access' | 'operation' | 'does'> {
  const does = done.map(([each, action]) => ({ operation: each, table: { schema, name }, action }));
  return { access: operation === 'select' ? 'read' : 'write', operation, does };
}

type Part = Pick<DraftedStep, 'rows' | 'access' | 'operation' | 'does' | 'limit'>;

function select(table: TableSchema, writer: StepWriter, limits: ApiLimits): Part {
  const { where, sort, limit = limits.defaultLimit } = writer.operation;
  checkRows(limit, limits);
  const conditions = where === undefined ? '' : whereConditionsSql(table, where, writer);
  const order = orderBySql(planSort(table, sort === undefined ? [] : parseSort(sort)));
  // One more tells whether there are more.
  const most = writer.parameter(String(limit + 1), 'body', null, 'bigint');
  const rows = (returned: string) =>
    `select ${returned} from ${tableName(table)} as t${conditions}${order} limit ${most}`;
  return { rows, limit, ...doing('select', table, [['select', 'list']]) };
}

function update(table: TableSchema, writer: StepWriter): Part {
  const { data, where } = writer.operation;
  const document: JsonObject = parseDocuments(data, false).rows[0]!;
  if (document.entries.size === 0) throw invalidBatch('"data" names no column to change.');
  const set = [...document.entries].map(([name, json]) => {
    const column = writableColumn(table, name);
    return `${quoteIdentifier(column.name)} = ${valueSql(table, column, json, 'body', writer)}`;
  });
  const conditions = whereConditionsSql(table, where!, writer);
  const rows = (returned: string) =>
    `update ${tableName(table)} as t set ${set.join(', ')}${conditions} returning ${returned}`;
  return { rows, limit: undefined, ...doing('update', table, [['update', 'update']]) };
}
