import type { SortTerm } from '../../../parse/list-request.ts';
import { malformed } from '../../../parse/malformed.ts';
import { unknownField } from '../../../plan/field/unknown-field.ts';
import type { SortColumn } from '../../../plan/list-plan.ts';
import { planSort } from '../../../plan/plan-sort.ts';
import type { PlannedSearch } from '../../../plan/read-plan.ts';
import type { ColumnSchema } from '../../../schema-cache/column-schema.ts';
import type { OrderedColumn } from './ordered-column.ts';
import { tableOrder } from './table-order.ts';
import type { TreeTarget } from './tree-target.ts';

/** What shapes the rows of a list, for its order. */
export interface OrderFacts {
  readonly sort: readonly SortTerm[];
  readonly search: PlannedSearch | undefined;
  readonly group: readonly ColumnSchema[] | undefined;
  readonly distinct: readonly ColumnSchema[] | 'rows' | undefined;
  /** Columns that are shown as they are. */
  readonly shown: readonly ColumnSchema[];
  /** Names of aggregates. */
  readonly aggregates: readonly string[];
}

/**
 * The order of a list: what was asked for, else the best match of a search first; then what makes it definite, the
 * primary key, or of groups and distinct rows their columns.
 * @throws MF402 for an unknown column, MF405 for one that the rows do not have any more
 */
export function orderColumns(target: TreeTarget, facts: OrderFacts): readonly OrderedColumn[] {
  const { sort, search, group, distinct, shown } = facts;
  if (group !== undefined || facts.aggregates.length > 0) return groupOrder(target, facts, group ?? []);
  if (distinct === 'rows') return rowsOrder(target, sort, shown);
  const terms = planSort(target.table, sort);
  if (Array.isArray(distinct)) {
    // DISTINCT ON wants its columns first (documentation of SELECT).
    const first = distinct.map((column) => terms.find((term) => term.column === column) ?? ascending(column));
    return columnsOf(target, [...first, ...terms.filter(({ column }) => !distinct.includes(column))]);
  }
  const columns = columnsOf(target, terms);
  return search === undefined || sort.length > 0 ? columns : [byRank(search), ...columns];
}

function byRank(search: PlannedSearch): OrderedColumn {
  const field = unknownField('search');
  return {
    order: { relation: undefined, field, direction: 'desc', nulls: undefined, rank: search },
    nullable: false,
    type: 'real',
  };
}

function groupOrder(
  target: TreeTarget,
  { sort, aggregates }: OrderFacts,
  group: readonly ColumnSchema[],
): readonly OrderedColumn[] {
  const asked = sort.map((term): OrderedColumn => {
    const direction = term.descending ? ('desc' as const) : ('asc' as const);
    if (aggregates.includes(term.column)) {
      const field = unknownField(term.column);
      const order = { relation: undefined, field, direction, nulls: term.nulls, output: true };
      return { order, nullable: true, type: undefined };
    }
    const column = group.find(({ name }) => name === term.column);
    if (column === undefined) throw notThere(term.column, [...group.map(({ name }) => name), ...aggregates]);
    return columnOf(target, { column, descending: term.descending, nulls: term.nulls });
  });
  const rest = group.filter(({ name }) => !sort.some(({ column }) => column === name));
  return [...asked, ...columnsOf(target, rest.map(ascending))];
}

function rowsOrder(
  target: TreeTarget,
  sort: readonly SortTerm[],
  shown: readonly ColumnSchema[],
): readonly OrderedColumn[] {
  const names = shown.map(({ name }) => name);
  const asked = sort.map(({ column: name, descending, nulls }): SortColumn => {
    const column = shown.find((one) => one.name === name);
    if (column === undefined) throw notThere(name, names);
    return { column, descending, nulls };
  });
  const rest = shown.filter((column) => !asked.some((term) => term.column === column));
  return columnsOf(target, [...asked, ...rest.map(ascending)]);
}

function notThere(name: string, names: readonly string[]): Error {
  return malformed(
    'sort',
    `Rows that are put together cannot be sorted by "${name}".`,
    names.length === 0 ? 'There is only one row.' : `Sort by one of: ${names.join(', ')}.`,
  );
}

function ascending(column: ColumnSchema): SortColumn {
  return { column, descending: false, nulls: undefined };
}

function columnsOf(target: TreeTarget, terms: readonly SortColumn[]): readonly OrderedColumn[] {
  return terms.map((term) => columnOf(target, term));
}

function columnOf(target: TreeTarget, term: SortColumn): OrderedColumn {
  const { column } = term;
  return {
    order: tableOrder(target, target.table, term),
    nullable: column.nullable,
    type: column.kind === 'composite' ? column.type : undefined,
  };
}
