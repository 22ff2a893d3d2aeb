import type { PlannedLogic, ReadNode } from '../read-plan.ts';

/**
 * Turns `relation=is.null` into a test of the embedded relation: whether rows of it were joined. Names that are no
 * embedded relation of the node stay filters on a column.
 */
export function nullEmbedFilter(logic: PlannedLogic, children: readonly ReadNode[]): PlannedLogic {
  if (logic.kind !== 'logic' && logic.kind !== 'filter') return logic;
  if (logic.kind === 'logic') {
    return { ...logic, children: logic.children.map((child) => nullEmbedFilter(child, children)) };
  }
  const { field, operation } = logic;
  if (operation.kind !== 'is' || operation.value !== 'null' || field.jsonPath.length > 0) return logic;
  const child = children.find((node) => (node.alias ?? node.name) === field.name);
  if (child === undefined) return logic;
  return { kind: 'null-embed', negated: logic.negated, alias: child.aggregateAlias };
}
