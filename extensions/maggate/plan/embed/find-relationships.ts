import type { Cardinality, DataSchema, Relationship } from '../../schema-cache/data-schema.ts';
import { nameKey } from '../../schema-cache/name-key.ts';

/**
 * Relationships from a table to what a caller named. The target is the foreign table, else a constraint or a column
 * of the foreign key; the hint a constraint, a column on either side, or the junction. In a self reference the table's
 * name leads to the many rows, the column's name to the one.
 * @param namespace schema of both tables
 */
export function findRelationships(
  schema: DataSchema,
  namespace: string,
  origin: string,
  target: string,
  hint: string | undefined,
): readonly Relationship[] {
  const candidates = schema.relationships.get(nameKey(nameKey(namespace, origin), namespace));
  return candidates?.filter((relationship) => matches(relationship, target, hint)) ?? [];
}

function matches(relationship: Relationship, target: string, hint: string | undefined): boolean {
  if (relationship.kind === 'computed') return relationship.function.name === target;
  const { cardinality } = relationship;
  const isTable = relationship.foreignTable.name === target;
  if (relationship.isSelf) {
    if (hint !== undefined) {
      return isTable && cardinality.kind === 'one-to-many' && onlyColumn(cardinality, 1) === hint;
    }
    if (isTable && cardinality.kind === 'one-to-many') return true;
    return cardinality.kind === 'many-to-one' && onlyColumn(cardinality, 0) === target;
  }
  if (hint === undefined) {
    if (isTable) return true;
    if (relationship.foreignTableIsView) return false;
    return constraintOf(cardinality) === target || onlyColumn(cardinality, 0) === target;
  }
  if (!isTable) return false;
  if (cardinality.kind === 'many-to-many') return cardinality.junction.name === hint;
  return (
    cardinality.constraint === hint ||
    onlyColumn(cardinality, 0) === hint ||
    onlyColumn(cardinality, 1) === hint
  );
}

function constraintOf(cardinality: Cardinality): string | undefined {
  return cardinality.kind === 'many-to-many' ? undefined : cardinality.constraint;
}

/** The column here (0) or there (1) of a key of one column. */
function onlyColumn(cardinality: Cardinality, side: 0 | 1): string | undefined {
  if (cardinality.kind === 'many-to-many' || cardinality.columns.length !== 1) return undefined;
  return cardinality.columns[0]![side];
}
