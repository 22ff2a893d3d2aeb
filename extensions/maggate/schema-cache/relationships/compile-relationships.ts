import type { Catalog } from '../../../sdk/index.ts';
import type { Cardinality, ColumnPairs, QualifiedName, Relationship } from '../data-schema.ts';
import { nameKey } from '../name-key.ts';
import { compareRelationships } from './compare-relationships.ts';
import type { KeyLink } from './key-link.ts';
import type { KeyTable } from './key-table.ts';

/**
 * All relationships between exposed relations, keyed by table and schema of the foreign table. Those that the project
 * computes by a function take the place of the ones to a table of the function's name.
 * @param links as `keyLinks` found them
 * @param primaryKeyOf primary key of a table or view, none for an unknown one
 */
export function compileRelationships(
  catalog: Catalog,
  links: readonly KeyLink[],
  primaryKeyOf: (table: QualifiedName) => readonly string[],
): ReadonlyMap<string, readonly Relationship[]> {
  const names = new Map<KeyTable, QualifiedName>();
  const nameOf = (table: KeyTable): QualifiedName => {
    const known = names.get(table) ?? { schema: table.schema, name: table.name };
    names.set(table, known);
    return known;
  };
  const between = (table: KeyTable, foreignTable: KeyTable, isSelf: boolean, cardinality: Cardinality) =>
    ({
      kind: 'foreign-key',
      table: nameOf(table),
      foreignTable: nameOf(foreignTable),
      isSelf,
      cardinality,
      tableIsView: table.isView,
      foreignTableIsView: foreignTable.isView,
    }) satisfies Relationship;

  const computed = computedRelationships(catalog);
  const taken = new Set(
    computed.map(({ table, function: by }) =>
      nameKey(nameKey(table.schema, table.name), nameKey(by.schema, by.name)),
    ),
  );
  const found = new Map<string, Relationship[]>();
  const add = (schema: string, relationship: Relationship): void => {
    const key = nameKey(nameKey(relationship.table.schema, relationship.table.name), schema);
    const list = found.get(key);
    if (list === undefined) found.set(key, [relationship]);
    else list.push(relationship);
  };
  const addDetected = (relationship: Relationship): void => {
    const { table, foreignTable: foreign } = relationship;
    const pair = nameKey(nameKey(table.schema, table.name), nameKey(foreign.schema, foreign.name));
    if (!taken.has(pair)) add(foreign.schema, relationship);
  };

  for (const link of links) {
    const { table, foreignTable, isSelf, constraint, columns } = link;
    const back = swapped(columns);
    if (link.isOneToOne) {
      const kind = 'one-to-one';
      addDetected(between(table, foreignTable, isSelf, { kind, constraint, columns, isParent: false }));
      addDetected(between(foreignTable, table, isSelf, { kind, constraint, columns: back, isParent: true }));
    } else {
      addDetected(between(table, foreignTable, isSelf, { kind: 'many-to-one', constraint, columns }));
      addDetected(between(foreignTable, table, isSelf, { kind: 'one-to-many', constraint, columns: back }));
    }
  }
  for (const [one, other] of junctions(links, primaryKeyOf)) {
    addDetected(
      between(one.foreignTable, other.foreignTable, one.foreignTable === other.foreignTable, {
        kind: 'many-to-many',
        junction: nameOf(one.table),
        constraint1: one.constraint,
        constraint2: other.constraint,
        source: swapped(one.columns),
        target: swapped(other.columns),
      }),
    );
  }
  for (const relationship of computed) add(relationship.function.schema, relationship);
  for (const list of found.values()) if (list.length > 1) list.sort(compareRelationships);
  return found;
}

/** Pairs of foreign keys of one table, both within its primary key: each makes its two targets many to many. */
function* junctions(
  links: readonly KeyLink[],
  primaryKeyOf: (table: QualifiedName) => readonly string[],
): Generator<readonly [KeyLink, KeyLink]> {
  const candidates = new Map<KeyTable, KeyLink[]>();
  for (const link of links) {
    if (link.isOneToOne) continue;
    const key = primaryKeyOf(link.table);
    if (!link.columns.every(([column]) => key.includes(column))) continue;
    const list = candidates.get(link.table);
    if (list === undefined) candidates.set(link.table, [link]);
    else list.push(link);
  }
  for (const list of candidates.values()) {
    for (const one of list) {
      for (const other of list) if (one.constraint !== other.constraint) yield [one, other];
    }
  }
}

function computedRelationships(catalog: Catalog): readonly (Relationship & { readonly kind: 'computed' })[] {
  const exposed = new Set(catalog.settings.dbSchemas);
  return catalog.computedRelationships
    .filter(({ table, foreignTable }) => exposed.has(table.schema) && exposed.has(foreignTable.schema))
    .map(({ schema, name, table, foreignTable, toOne }) => ({
      kind: 'computed',
      function: { schema, name },
      table,
      foreignTable,
      tableAlias: table,
      toOne,
      isSelf: table.schema === foreignTable.schema && table.name === foreignTable.name,
    }));
}

function swapped(columns: ColumnPairs): ColumnPairs {
  return columns.map(([one, other]) => [other, one] as const);
}
