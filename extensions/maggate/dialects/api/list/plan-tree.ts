import { malformed } from '../../../parse/malformed.ts';
import { depthFix } from '../../../plan/limits/depth-fix.ts';
import { embedDepth } from '../../../plan/limits/embed-depth.ts';
import type { PlanningNode } from '../../../plan/planning-node.ts';
import { draftTree } from '../../../plan/tree/draft-tree.ts';
import { embedRelations } from '../../../plan/tree/embed-relations.ts';
import type { SelectNode } from '../../../query/query-params.ts';
import { findColumn } from '../../../schema-cache/find-column.ts';
import { overLimit } from '../over-limit.ts';
import { apiTreeRefusals } from './api-tree-refusals.ts';
import { nodeTable } from './node-table.ts';
import type { TreeTarget } from './tree-target.ts';

/**
 * Looks up the tables, columns and relationships of a `fields` list. Conditions come afterwards.
 * @throws MF402, MF405, MF408, MF426
 */
export function planTree(target: TreeTarget, select: readonly SelectNode[]): PlanningNode {
  const { data, table } = target;
  const draft = draftTree(
    table.name,
    select.flatMap((node) => named(target, node)),
    apiTreeRefusals,
  );
  const from = { schema: table.schema, name: table.name };
  const root = embedRelations(data, from, draft, 'table', apiTreeRefusals);
  checkNode(target, root);
  const { depth } = target.limits;
  const deep = depth === undefined ? 0 : embedDepth(root);
  if (depth !== undefined && deep > depth) {
    throw overLimit('depth', deep, depth, depthFix(depth));
  }
  return root;
}

/** Rows are put together by the names of their columns, so a star must say which they are. */
function named({ table }: TreeTarget, node: SelectNode): readonly SelectNode[] {
  if (node.kind !== 'field' || node.aggregate !== undefined || node.field.name !== '*') return [node];
  return table.columns.map(({ name }) => ({ ...node, field: { name, jsonPath: [] } }));
}

function checkNode(target: TreeTarget, node: PlanningNode): void {
  const table = nodeTable(target, node);
  const names = new Set<string>();
  if (node.spread !== undefined && node.select.some(({ aggregate }) => aggregate !== undefined)) {
    const name = node.alias ?? node.name;
    throw malformed(
      'fields',
      `What ...${name} shows belongs to single rows: it has no aggregates.`,
      `Embed it without the dots: ${name}(count()).`,
    );
  }
  for (const { field, alias } of node.select) {
    if (field.name !== '*') findColumn(table, field.name, 'fields');
    checkName(names, alias ?? field.name);
  }
  for (const child of node.children) {
    if (child.spread === undefined) checkName(names, child.alias ?? child.name);
    checkNode(target, child);
  }
}

function checkName(names: Set<string>, name: string): void {
  if (names.has(name)) {
    throw malformed(
      'fields',
      `Two fields are shown as "${name}".`,
      `Show one by another name: ${name}:other.`,
    );
  }
  names.add(name);
}
