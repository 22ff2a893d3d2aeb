import type { QualifiedName } from '../../schema-cache/data-schema.ts';
import type { ReadNode } from '../read-plan.ts';

/** The tables that are read below the top of a tree, and those they are joined through. */
export function embeddedTables(root: ReadNode): readonly QualifiedName[] {
  return root.children.flatMap(tablesOf);
}

function tablesOf(node: ReadNode): readonly QualifiedName[] {
  const { relationship } = node;
  const junction =
    relationship?.kind === 'foreign-key' && relationship.cardinality.kind === 'many-to-many'
      ? [relationship.cardinality.junction]
      : [];
  const own = relationship?.foreignTable ?? node.from;
  return [own, ...junction, ...embeddedTables(node)];
}
