import type { EmbedPath } from '../../query/query-params.ts';
import type { DraftNode } from './draft-node.ts';
import type { TreeRefusals } from './tree-refusals.ts';

/**
 * The node at a path. Each one on the way becomes the first of its siblings, so that columns stand in the order in which
 * PostgREST shows them.
 * @param legacyNames a relation with an alias is also found by its own name (setting urlUseLegacyTargetNames)
 * @throws TreeRefusals.notEmbedded
 */
export function reachNode(
  root: DraftNode,
  path: EmbedPath,
  legacyNames: boolean,
  refusals: TreeRefusals,
): DraftNode {
  let node = root;
  for (const name of path) {
    const found = node.children.find((child) => isNamed(child, name, legacyNames));
    if (found === undefined) throw refusals.notEmbedded(name, legacyNames ? undefined : renamed(node, name));
    if (isRenamed(found, name)) found.legacyTargetName = true;
    if (node.children[0] !== found) {
      node.children = [found, ...node.children.filter((child) => child !== found)];
    }
    node = found;
  }
  return node;
}

function isNamed({ relation, alias }: DraftNode, name: string, legacyNames: boolean): boolean {
  return legacyNames ? relation === name || alias === name : (alias ?? relation) === name;
}

function isRenamed({ relation, alias }: DraftNode, name: string): boolean {
  return relation === name && alias !== undefined && alias !== name;
}

function renamed(
  node: DraftNode,
  name: string,
): { readonly name: string; readonly alias: string } | undefined {
  const { alias } = node.children.find((child) => isRenamed(child, name)) ?? {};
  return alias === undefined ? undefined : { name, alias };
}
