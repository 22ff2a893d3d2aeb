import type { QualifiedName, Relationship } from '../../schema-cache/data-schema.ts';
import type { JoinCondition } from '../read-plan.ts';

/**
 * What joins the rows of a relation to those of its parent.
 * @param alias of the relation; a many-to-many one has none
 * @param parentAlias of the parent, undefined when it stands under its own name
 */
export function joinConditions(
  relationship: Relationship,
  alias: string | undefined,
  parentAlias: string | undefined,
): readonly JoinCondition[] {
  if (relationship.kind === 'computed') return [];
  const { table, foreignTable, cardinality } = relationship;
  const parent = named(parentAlias, table);
  if (cardinality.kind === 'many-to-many') {
    const { junction } = cardinality;
    return [
      ...cardinality.target.map(([column, there]) => pair(junction, there, foreignTable, column)),
      ...cardinality.source.map(([column, there]) => pair(junction, there, parent, column)),
    ];
  }
  const foreign = named(alias, foreignTable);
  return cardinality.columns.map(([column, there]) => pair(foreign, there, parent, column));
}

function pair(left: QualifiedName, leftColumn: string, right: QualifiedName, column: string): JoinCondition {
  return { left: { table: left, column: leftColumn }, right: { table: right, column } };
}

/** An alias stands without a schema. */
function named(alias: string | undefined, table: QualifiedName): QualifiedName {
  return alias === undefined ? table : { schema: '', name: alias };
}
