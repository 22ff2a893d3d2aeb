import type { Filter } from '../../../parse/filter.ts';
import { malformed } from '../../../parse/malformed.ts';
import { planSort } from '../../../plan/plan-sort.ts';
import type { PlanningNode } from '../../../plan/planning-node.ts';
import { parseSort } from '../parse-sort.ts';
import { nodeTable } from './node-table.ts';
import { parseLogic } from './parse-conditions.ts';
import { planConditionTree } from './plan-condition-tree.ts';
import { tableOrder } from './table-order.ts';
import type { TreeTarget } from './tree-target.ts';

/**
 * Puts filters to the relations they are for: `price=gt.5` to the table, `items.qty=gt.5` to what is embedded as
 * `items`, which has `items.sort`, `items.limit`, `items.or` and `items.and`, too.
 * @throws MF402, MF405
 */
export function placeFilters(target: TreeTarget, root: PlanningNode, filters: readonly Filter[]): void {
  for (const filter of filters) {
    let node = root;
    let name = filter.column;
    // A column may have a dot in its name: the relation's name counts only where there is no such column.
    while (!nodeTable(target, node).columnsByName.has(name)) {
      const dot = name.indexOf('.');
      const child = dot === -1 ? undefined : node.children.find((one) => isNamed(one, name.slice(0, dot)));
      if (child === undefined) break;
      node = child;
      name = name.slice(dot + 1);
    }
    if (node === root || !placeOption(target, node, name, filter)) {
      const condition = { kind: 'filter', filter: { ...filter, column: name } } as const;
      node.where = [...node.where, planConditionTree(target, node, condition)];
    }
  }
}

function isNamed({ alias, name }: PlanningNode, asked: string): boolean {
  return (alias ?? name) === asked;
}

/** @returns false for the name of a column */
function placeOption(target: TreeTarget, node: PlanningNode, name: string, filter: Filter): boolean {
  const table = nodeTable(target, node);
  if (table.columnsByName.has(name)) return false;
  const text = filter.operator === 'eq' && !filter.negated ? filter.value : undefined;
  switch (name) {
    case 'sort':
      if (text === undefined) throw malformed(filter.column, `${filter.column} takes what sort takes.`);
      node.order = planSort(table, parseSort(text)).map((term) => tableOrder(target, table, term));
      return true;
    case 'limit':
      node.range = { offset: 0, limit: embeddedLimit(target, filter.column, text) };
      return true;
    case 'or':
    case 'and':
    case 'not.or':
    case 'not.and':
      if (text === undefined) throw malformed(filter.column, `${filter.column} takes a list in parentheses.`);
      node.where = [...node.where, planConditionTree(target, node, parseLogic(name, text))];
      return true;
    default:
      return false;
  }
}

function embeddedLimit({ limits }: TreeTarget, name: string, text: string | undefined): number {
  const limit = text !== undefined && /^[1-9][0-9]{0,9}$/.test(text) ? Number(text) : undefined;
  if (limit !== undefined && limit <= limits.maxLimit) return limit;
  throw malformed(
    name,
    `${name}=${text ?? ''} is not a whole number from 1 to ${limits.maxLimit}.`,
    `Write for example ${name}=20.`,
  );
}
