import { malformed } from '../../../parse/malformed.ts';
import { unknownField } from '../../../plan/field/unknown-field.ts';
import { planCondition } from '../../../plan/plan-condition.ts';
import type { PlannedLogic, ReadNode } from '../../../plan/read-plan.ts';
import type { IsValue, Operation } from '../../../query/query-params.ts';
import type { ColumnSchema } from '../../../schema-cache/column-schema.ts';
import { findColumn } from '../../../schema-cache/find-column.ts';
import { listedValues } from '../listed-values.ts';
import { furtherNames, reservedNames } from '../reserved-names.ts';
import type { ConditionTree, TreeFilter } from './condition-tree.ts';
import { nodeTable } from './node-table.ts';
import { tableField } from './table-field.ts';
import type { TreeTarget } from './tree-target.ts';

/**
 * Looks up the names of conditions on the rows of one node. `relation=is.null` asks whether rows are embedded.
 * @throws MF402, MF405
 */
export function planConditionTree(
  target: TreeTarget,
  node: Pick<ReadNode, 'relationship'> & { readonly children: readonly ReadNode[] },
  tree: ConditionTree,
): PlannedLogic {
  if (tree.kind === 'logic') {
    const { negated, operator } = tree;
    const children = tree.children.map((child) => planConditionTree(target, node, child));
    return { kind: 'logic', negated, operator, children };
  }
  const { filter } = tree;
  if (filter.aggregate !== undefined) return aggregateCondition(target, node, filter);
  const table = nodeTable(target, node);
  const embedded = table.columnsByName.has(filter.column)
    ? undefined
    : node.children.find((child) => (child.alias ?? child.name) === filter.column);
  if (embedded !== undefined) return embedCondition(embedded, filter);
  const column = findColumn(table, filter.column, 'a filter', {
    alsoValid: [...reservedNames, ...furtherNames],
  });
  planCondition(column, filter);
  const field = tableField(target, table, column);
  // A composite has no operator with a negation of its own that casts the value.
  const reversed = column.kind === 'composite' && filter.operator === 'neq';
  const operation = operationOf(reversed ? { ...filter, operator: 'eq' } : filter, column);
  return { kind: 'filter', field, negated: filter.negated !== reversed, operation };
}

function embedCondition(node: ReadNode, { column, operator, value, negated }: TreeFilter): PlannedLogic {
  if (operator !== 'is' || (value !== 'null' && value !== 'not_null')) {
    throw malformed(
      column,
      `"${column}" is an embedded relation.`,
      `Write ${column}=is.not_null for rows that have one, or ${column}.{column}=… for what is embedded.`,
    );
  }
  return { kind: 'null-embed', negated: negated !== (value === 'not_null'), alias: node.aggregateAlias };
}

function aggregateCondition(
  target: TreeTarget,
  node: Pick<ReadNode, 'relationship'>,
  filter: TreeFilter,
): PlannedLogic {
  const { negated, aggregate } = filter;
  const table = nodeTable(target, node);
  const field =
    filter.column === '*'
      ? unknownField('*')
      : tableField(target, table, findColumn(table, filter.column, 'having'));
  if (filter.operator === 'is' && filter.value !== 'null' && filter.value !== 'not_null') {
    throw malformed('having', `An aggregate can be is.null or is.not_null, not is.${filter.value}.`);
  }
  const operation = operationOf(filter, undefined);
  const planned = { kind: 'filter', field, negated, operation } as const;
  return aggregate === undefined ? planned : { ...planned, aggregate };
}

function operationOf(filter: TreeFilter, column: ColumnSchema | undefined): Operation {
  const { operator, value } = filter;
  switch (operator) {
    case 'in':
      return { kind: 'in', values: listedValues(filter), exact: {} };
    case 'is':
      return { kind: 'is', value: value as IsValue };
    case 'neq':
      return { kind: 'simple', operator, value };
    default: {
      const exact = column?.kind === 'composite' ? { type: column.type } : {};
      return { kind: 'quant', operator, quantifier: undefined, value, exact };
    }
  }
}
