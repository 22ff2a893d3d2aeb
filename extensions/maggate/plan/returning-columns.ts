import type { Relationship } from '../schema-cache/data-schema.ts';
import type { ReadNode } from './read-plan.ts';

/**
 * Columns that a write or a call has to return so that the tree can be read from them: what is selected, and what
 * joins the embedded relations. A computed relationship may need any column.
 * @param key primary key, for the Location of a created row
 */
export function returningColumns(read: ReadNode, key: readonly string[]): readonly string[] {
  const columns = new Set<string>();
  for (const { field } of read.select) columns.add(field.name);
  // Beside a star a named column would come twice.
  if (columns.has('*')) return ['*'];
  for (const { relationship } of read.children) {
    if (relationship?.kind === 'computed') return ['*'];
    if (relationship !== undefined) for (const column of joiningColumns(relationship)) columns.add(column);
  }
  for (const column of key) columns.add(column);
  return [...columns].sort();
}

function joiningColumns(relationship: Extract<Relationship, { kind: 'foreign-key' }>): readonly string[] {
  const { cardinality } = relationship;
  const pairs = cardinality.kind === 'many-to-many' ? cardinality.source : cardinality.columns;
  return pairs.map(([column]) => column);
}
