import type { Relationship } from '../../schema-cache/data-schema.ts';

/** Whether there is at most one row of the foreign table for each row here. */
export function isToOne(relationship: Relationship): boolean {
  if (relationship.kind === 'computed') return relationship.toOne;
  const { kind } = relationship.cardinality;
  return kind === 'many-to-one' || kind === 'one-to-one';
}
