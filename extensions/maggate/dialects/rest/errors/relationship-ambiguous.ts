import type { ColumnPairs, Relationship } from '../../../schema-cache/data-schema.ts';
import { RestError } from '../rest-error.ts';

type KeyRelationship = Extract<Relationship, { kind: 'foreign-key' }>;

/** PGRST201: several relationships lead to what was embedded. */
export function relationshipAmbiguous(
  parent: string,
  child: string,
  found: readonly Relationship[],
): RestError {
  // A computed relationship is known by the function's name, which only one of a table has.
  const candidates = found.filter((each): each is KeyRelationship => each.kind === 'foreign-key');
  const choices = candidates.map((each) => `'${each.foreignTable.name}!${hintOf(each)}'`).join(', ');
  return new RestError(
    300,
    'PGRST201',
    `Could not embed because more than one relationship was found for '${parent}' and '${child}'`,
    {
      details: candidates.map(described),
      hint:
        `Try changing '${child}' to one of the following: ${choices}. ` +
        "Find the desired relationship in the 'details' key.",
    },
  );
}

function hintOf({ cardinality }: KeyRelationship): string {
  return cardinality.kind === 'many-to-many' ? cardinality.junction.name : cardinality.constraint;
}

function described({ table, foreignTable, cardinality }: KeyRelationship): Readonly<Record<string, string>> {
  return {
    cardinality: cardinality.kind,
    embedding: `${table.name} with ${foreignTable.name}`,
    relationship:
      cardinality.kind === 'many-to-many'
        ? `${cardinality.junction.name} using ${cardinality.constraint1}${columns(cardinality.source, 1)}` +
          ` and ${cardinality.constraint2}${columns(cardinality.target, 1)}`
        : `${cardinality.constraint} using ${table.name}${columns(cardinality.columns, 0)}` +
          ` and ${foreignTable.name}${columns(cardinality.columns, 1)}`,
  };
}

function columns(pairs: ColumnPairs, side: 0 | 1): string {
  return `(${pairs.map((pair) => pair[side]).join(', ')})`;
}
