import { columnField } from '../../../plan/field/column-field.ts';
import { representField } from '../../../plan/field/represent-field.ts';
import { planFilter } from '../../../plan/filter/plan-filter.ts';
import { planLogic } from '../../../plan/filter/plan-logic.ts';
import type { MutatePlan } from '../../../plan/mutate-plan.ts';
import type { PlannedField, PlannedLogic, ReadNode } from '../../../plan/read-plan.ts';
import { returningColumns } from '../../../plan/returning-columns.ts';
import type { DataSchema, DataTable } from '../../../schema-cache/data-schema.ts';
import { columnNotFound } from '../errors/column-not-found.ts';
import { putFiltersInvalid } from '../errors/put-filters-invalid.ts';
import type { RestAction, RestRequest } from '../rest-request.ts';
import { payloadBody } from './payload-body.ts';

type Mutation = Extract<RestAction, { kind: 'mutate' }>['mutation'];

/**
 * Plans the write of a request.
 * @param read what is shown of the rows written
 * @throws PGRST105 when a PUT does not name its row by the key, PGRST204 when a column is not of the table
 */
export function planWrite(
  schema: DataSchema,
  table: DataTable,
  mutation: Mutation,
  request: RestRequest,
  read: ReadNode,
): MutatePlan {
  const { preferences, query } = request;
  const { primaryKey } = table;
  const into = { schema: table.schema, name: table.name };
  const shown = preferences.return === 'representation' || preferences.return === 'headers-only';
  const returning = shown ? returningColumns(read, primaryKey) : [];
  if (mutation === 'delete') {
    return { kind: 'delete', into, where: writtenRows(schema, table, request), returning };
  }
  if (mutation === 'single-upsert' && !namesOneRow(request, primaryKey)) throw putFiltersInvalid();
  const columns = writtenColumns(schema, table, request.columns);
  const { body, many } = payloadBody(request.payload);
  const applyDefaults = preferences.missing === 'default';
  switch (mutation) {
    case 'create': {
      const { resolution } = preferences;
      const onConflict =
        resolution === undefined ? undefined : { resolution, columns: query.onConflict ?? primaryKey };
      const where: readonly PlannedLogic[] = [];
      return {
        kind: 'insert',
        into,
        columns,
        body,
        many,
        onConflict,
        where,
        returning,
        primaryKey,
        applyDefaults,
      };
    }
    case 'update': {
      const where = writtenRows(schema, table, request);
      return { kind: 'update', into, columns, body, many, where, returning, applyDefaults };
    }
    case 'single-upsert':
      return {
        kind: 'insert',
        into,
        columns,
        body,
        many,
        onConflict: { resolution: 'merge-duplicates', columns: primaryKey },
        where: writtenRows(schema, table, request),
        returning,
        primaryKey: [],
        applyDefaults: false,
      };
  }
}

function writtenColumns(
  schema: DataSchema,
  table: DataTable,
  names: ReadonlySet<string>,
): readonly PlannedField[] {
  return [...names].sort().map((name) => {
    const column = table.columns.get(name);
    if (column === undefined) throw columnNotFound(table.name, name);
    return representField(schema, columnField(column), 'write');
  });
}

/** Conditions at the top decide about the rows; those of embedded relations are for what is shown. */
function writtenRows(schema: DataSchema, table: DataTable, { query }: RestRequest): readonly PlannedLogic[] {
  const where: PlannedLogic[] = [];
  for (const filter of query.filters) {
    if (filter.path.length === 0) where.push(planFilter(schema, table, filter));
  }
  for (const { path, tree } of query.logic) {
    if (path.length === 0) where.push(planLogic(schema, table, tree));
  }
  return where;
}

/** Every filter is `eq` on a column of the key, and none of them is left out. */
function namesOneRow({ query }: RestRequest, primaryKey: readonly string[]): boolean {
  if (primaryKey.length === 0 || query.logic.length > 0) return false;
  const named = new Set<string>();
  for (const { path, field, negated, operation } of query.filters) {
    const isEqual =
      operation.kind === 'quant' && operation.operator === 'eq' && operation.quantifier === undefined;
    if (path.length > 0 || field.jsonPath.length > 0 || negated || !isEqual) return false;
    named.add(field.name);
  }
  return named.size === primaryKey.length && primaryKey.every((column) => named.has(column));
}
