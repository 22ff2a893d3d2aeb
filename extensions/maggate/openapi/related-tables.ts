import type { Relationship } from '../schema-cache/data-schema.ts';
import { nameKey } from '../schema-cache/name-key.ts';
import type { ProjectSchema } from '../schema-cache/project-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';

/** A table whose rows may stand in rows of another one. */
export interface RelatedTable {
  /** The key that it stands under: the table's name, and where two relationships lead there, which of them. */
  readonly name: string;
  /** Two lead there. */
  readonly ambiguous: boolean;
  readonly target: TableSchema;
  readonly many: boolean;
  /** Columns here that the relationship goes through. */
  readonly here: readonly string[];
  /** Those of them that its row fills. */
  readonly fills: readonly string[];
}

/** The tables that foreign keys lead to, in either direction; not the table itself, nor what a column hides by its name. */
export function relatedTables(schema: ProjectSchema, table: TableSchema): readonly RelatedTable[] {
  const key = nameKey(nameKey(table.schema, table.name), table.schema);
  const all = schema.data().relationships.get(key) ?? [];
  return all.flatMap((relationship) => {
    const target = schema.tables.get(relationship.foreignTable.name);
    if (relationship.kind === 'computed' || relationship.isSelf || target === undefined) return [];
    const ambiguous = all.filter(({ foreignTable }) => foreignTable.name === target.name).length > 1;
    const { cardinality } = relationship;
    const name = ambiguous ? `${target.name}!${hintOf(cardinality)}` : target.name;
    if (table.columnsByName.has(name)) return [];
    const child =
      cardinality.kind === 'many-to-one' || (cardinality.kind === 'one-to-one' && !cardinality.isParent);
    const many = cardinality.kind === 'one-to-many' || cardinality.kind === 'many-to-many';
    const pairs = cardinality.kind === 'many-to-many' ? cardinality.source : cardinality.columns;
    const here = pairs.map(([column]) => column);
    return [{ name, ambiguous, target, many, here, fills: child ? here : [] }];
  });
}

type Cardinality = Extract<Relationship, { kind: 'foreign-key' }>['cardinality'];

function hintOf(cardinality: Cardinality): string {
  return cardinality.kind === 'many-to-many' ? cardinality.junction.name : cardinality.constraint;
}
