import type { ReadNode } from '../../plan/read-plan.ts';
import type { QualifiedName } from '../../schema-cache/data-schema.ts';

/** What columns of a node are qualified with: its alias, else the function or table it comes from. */
export function nodeSource(node: ReadNode): QualifiedName {
  if (node.fromAlias !== undefined) return { schema: '', name: node.fromAlias };
  if (node.relationship?.kind === 'computed') {
    return { schema: '', name: node.relationship.function.name };
  }
  return node.from;
}
