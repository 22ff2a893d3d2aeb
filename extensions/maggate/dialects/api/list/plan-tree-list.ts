import type { GatewayContext } from '../../../../sdk/index.ts';
import { buildTreeList } from '../../../build-sql/build-tree-list.ts';
import { malformed } from '../../../parse/malformed.ts';
import type { PlannedLogic, ReadNode } from '../../../plan/read-plan.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { ApiPlan } from '../api-plan.ts';
import { parseLimit } from '../parse-limit.ts';
import type { ScannedQuery } from '../scanned-query.ts';
import type { Cursor } from './cursor.ts';
import { readCursor } from './cursor-text.ts';
import { demandFilter } from './demand-filter.ts';
import { filterDigest } from './filter-digest.ts';
import { finishTree } from './finish-tree.ts';
import { keysetOf } from './keyset-of.ts';
import { type ListOptions, readListOptions } from './list-options.ts';
import { listShape } from './list-shape.ts';
import { orderColumns } from './order-columns.ts';
import type { OrderedColumn } from './ordered-column.ts';
import { placeFilters } from './place-filters.ts';
import { planConditionTree } from './plan-condition-tree.ts';
import { planTree } from './plan-tree.ts';
import { quickSearch } from './quick-search.ts';
import { reversedOrder } from './reversed-order.ts';
import { searchOf } from './search-of.ts';
import { shownNames } from './shown-names.ts';
import { sortText } from './sort-text.ts';
import { tableField } from './table-field.ts';
import { treePlan } from './tree-plan.ts';
import type { TreeTarget } from './tree-target.ts';

/**
 * GET /api/{table} with what templates cannot do: relations, conditions with `or`, groups, distinct rows, search,
 * cursors.
 * @param scanned the caller's query
 * @param filter what a hook demands of every row; no part of what a cursor is bound to
 * @throws MF402, MF405, MF407, MF408
 */
export function planTreeList(
  target: TreeTarget,
  scanned: ScannedQuery,
  filter: string | undefined,
  seal: Pick<GatewayContext, 'verify'>,
): ApiPlan {
  const { table, limits } = target;
  const options = readListOptions(scanned);
  const { limit, offset } = parseLimit(scanned, limits);
  const shape = listShape(table, options);
  const root = planTree(target, shape.select);
  const search = searchOf(table, options.search);
  placeFilters(target, root, scanned.filters);
  for (const tree of options.logic) root.where = [...root.where, planConditionTree(target, root, tree)];
  root.where = [...root.where, ...quickSearch(target, options.q)];
  if (search !== undefined) root.where = [...root.where, { kind: 'search', negated: false, search }];
  demandFilter(target, root, filter);
  finishTree(target, root);
  const columns = orderColumns(target, {
    ...shape,
    sort: options.sort,
    search,
    shown: plainColumns(table, root),
  });
  const list: ReadNode = {
    ...root,
    ...(shape.group === undefined
      ? {}
      : { group: shape.group.map((column) => tableField(target, table, column)) }),
    ...(options.having.length === 0
      ? {}
      : { having: options.having.map((tree) => planConditionTree(target, root, tree)) }),
    ...(shape.distinct === undefined
      ? {}
      : {
          distinct:
            shape.distinct === 'rows'
              ? shape.distinct
              : shape.distinct.map((column) => tableField(target, table, column)),
        }),
  };
  const cursor = cursorOf(target, scanned, options, columns, seal);
  const order = columns.map((column) => column.order);
  const read: ReadNode = {
    ...list,
    where: cursor === undefined ? list.where : [...list.where, ...after(columns, cursor)],
    order: cursor?.backward === true ? order.map(reversedOrder) : order,
    range: { offset, limit: limit + 1 },
    ...(cursor === undefined ? {} : { keys: order }),
  };
  const statement = buildTreeList({
    read,
    names: shownNames(list),
    limit,
    page: cursor === undefined ? offset / limit + 1 : undefined,
    backward: cursor?.backward ?? false,
    counted: options.count ? { ...list, order: [] } : undefined,
  });
  const plan = treePlan(target, root, statement, 'list');
  return cursor === undefined ? plan : { ...plan, paging: { cursor, limit } };
}

function plainColumns(table: TableSchema, root: ReadNode) {
  return root.select.flatMap(({ field, aggregate }) =>
    aggregate === undefined ? (table.columnsByName.get(field.name) ?? []) : [],
  );
}

/** The place that the caller is at: that of its cursor, or before the first row. */
function cursorOf(
  { schema, table }: TreeTarget,
  scanned: ScannedQuery,
  { cursor }: ListOptions,
  columns: readonly OrderedColumn[],
  seal: Pick<GatewayContext, 'verify'>,
): Cursor | undefined {
  if (cursor === undefined) return undefined;
  if (table.primaryKey.length === 0) {
    throw malformed(
      'cursor',
      `"${table.name}" has no primary key that would give each row its place.`,
      'Read it with page=2, or add a primary key.',
    );
  }
  const list = {
    project: schema.project,
    table: table.name,
    sort: sortText(columns),
    filters: filterDigest(scanned),
  };
  if (cursor === '') return { ...list, backward: false, inclusive: false, values: [] };
  return readCursor(cursor, list, seal);
}

function after(columns: readonly OrderedColumn[], cursor: Cursor): readonly PlannedLogic[] {
  return cursor.values.length === 0 ? [] : [keysetOf(columns, cursor.values, cursor)];
}
