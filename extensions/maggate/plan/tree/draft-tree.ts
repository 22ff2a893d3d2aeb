import type { SelectNode } from '../../query/query-params.ts';
import type { DraftNode } from './draft-node.ts';
import type { TreeRefusals } from './tree-refusals.ts';

/** What one request may embed. Every relation is a lateral join, which PostgreSQL has to plan. */
const deepest = 32;
const mostRelations = 200;

type RelationNode = Exclude<SelectNode, { kind: 'field' }>;

/**
 * Makes the tree of relations from the select list.
 * @throws TreeRefusals.notPossible when it is too deep or has too many relations
 */
export function draftTree(table: string, select: readonly SelectNode[], refusals: TreeRefusals): DraftNode {
  return draft(
    { kind: 'relation', relation: table, alias: undefined, hint: undefined, join: undefined, select },
    0,
    { relations: 0 },
    refusals,
  );
}

function draft(
  node: RelationNode,
  depth: number,
  count: { relations: number },
  refusals: TreeRefusals,
): DraftNode {
  if (depth > deepest) throw refusals.notPossible(`Embedding is limited to ${deepest} levels.`);
  const fields: DraftNode['fields'][number][] = [];
  const children: DraftNode[] = [];
  for (const selected of node.select) {
    if (selected.kind === 'field') fields.push(selected);
    else {
      count.relations += 1;
      if (count.relations > mostRelations) {
        throw refusals.notPossible(`Embedding is limited to ${mostRelations} relations.`);
      }
      children.push(draft(selected, depth + 1, count, refusals));
    }
  }
  return {
    relation: node.relation,
    alias: node.kind === 'relation' ? node.alias : undefined,
    hint: node.hint,
    join: node.join,
    spread: node.kind === 'spread',
    depth,
    fields,
    children,
    filters: [],
    logic: [],
    order: [],
    range: { offset: 0, limit: undefined },
    legacyTargetName: false,
  };
}
