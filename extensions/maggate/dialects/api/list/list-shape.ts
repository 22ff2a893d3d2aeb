import { malformed } from '../../../parse/malformed.ts';
import type { SelectNode } from '../../../query/query-params.ts';
import type { ColumnSchema } from '../../../schema-cache/column-schema.ts';
import { findColumn } from '../../../schema-cache/find-column.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { ConditionTree } from './condition-tree.ts';
import type { ListOptions } from './list-options.ts';

type SelectedField = Extract<SelectNode, { kind: 'field' }>;

/** What a list shows, and by what its rows are put together. */
export interface ListShape {
  readonly select: readonly SelectNode[];
  readonly group: readonly ColumnSchema[] | undefined;
  readonly distinct: readonly ColumnSchema[] | 'rows' | undefined;
  /** Names of the aggregates that are shown. */
  readonly aggregates: readonly string[];
}

/**
 * Looks up `group` and `distinct` and sees that they go together with `fields` and the rest.
 * @throws MF402, MF405 saying what does not go together
 */
export function listShape(table: TableSchema, options: ListOptions): ListShape {
  const group = options.group?.map((name) => findColumn(table, name, 'group'));
  const distinct =
    options.distinct === 'rows'
      ? options.distinct
      : options.distinct?.map((name) => findColumn(table, name, 'distinct'));
  const select = options.select ?? everything(group);
  const fields = select.filter((node): node is SelectedField => node.kind === 'field');
  const aggregates = fields.flatMap(({ aggregate, alias }) =>
    aggregate === undefined ? [] : (alias ?? aggregate),
  );
  const combined = group !== undefined || aggregates.length > 0 || options.having.length > 0;
  if (combined) {
    checkGrouped(fields, group ?? []);
    for (const tree of options.having) checkHaving(tree, group ?? []);
    if (distinct !== undefined) throw together('distinct', 'group', 'Groups are distinct already.');
  }
  if (options.cursor !== undefined && (combined || distinct !== undefined)) {
    throw together('cursor', combined ? 'group' : 'distinct', 'Use page=2.');
  }
  return { select, group: combined ? (group ?? []) : undefined, distinct, aggregates };
}

/** All columns; of groups what they have in common, and their size. */
function everything(group: readonly ColumnSchema[] | undefined): readonly SelectNode[] {
  if (group === undefined) return [selected('*')];
  return [
    ...group.map(({ name }) => selected(name)),
    { ...selected('*'), aggregate: 'count', alias: 'count' },
  ];
}

function selected(name: string): SelectedField {
  const field = { name, jsonPath: [] };
  return {
    kind: 'field',
    field,
    alias: undefined,
    cast: undefined,
    aggregate: undefined,
    aggregateCast: undefined,
  };
}

function checkGrouped(fields: readonly SelectedField[], group: readonly ColumnSchema[]): void {
  const odd = fields.find(
    ({ field, aggregate }) => aggregate === undefined && !group.some(({ name }) => name === field.name),
  );
  if (odd === undefined) return;
  const { name } = odd.field;
  throw malformed(
    'fields',
    `"${name}" is shown beside aggregates, but rows are not grouped by it.`,
    name === '*' ? 'Name the columns of the groups.' : `Write group=${name}, or an aggregate: max(${name}).`,
  );
}

function checkHaving(tree: ConditionTree, group: readonly ColumnSchema[]): void {
  if (tree.kind === 'logic') {
    for (const child of tree.children) checkHaving(child, group);
    return;
  }
  const { column, aggregate } = tree.filter;
  if (aggregate !== undefined || group.some(({ name }) => name === column)) return;
  throw malformed(
    'having',
    `having is about groups, and rows are not grouped by "${column}".`,
    `Filter rows with ${column}=…, or groups with an aggregate: having=max(${column}).gt.1.`,
  );
}

function together(one: string, other: string, fix: string): Error {
  return malformed(one, `${one} does not go together with ${other}.`, fix);
}
