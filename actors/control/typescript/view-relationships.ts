import type { Catalog, CatalogConstraint, CatalogSource } from '../../../runtime/protocol/catalog.ts';
import type { DatabaseShape, RelationShape, RelationshipShape } from './database-shape.ts';

/** A table or view of the catalogue, exposed or not. */
interface Known {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly position: number; readonly name: string }[];
  readonly constraints: readonly Omit<CatalogConstraint, 'definition'>[];
  readonly sources: readonly CatalogSource[];
}

/** Columns of a relation that show those of a base table, in their order. */
interface Showing {
  readonly relation: Known;
  readonly columns: readonly string[];
}

/**
 * Adds the relationships of views: a view that shows the columns of a foreign key relates as its table does, and so
 * does one that shows the columns it points at.
 */
export function withViewRelationships(shape: DatabaseShape, catalog: Catalog): DatabaseShape {
  const all: readonly Known[] = [...catalog.tables, ...catalog.hidden];
  const tables = new Map(all.map((one) => [one.id, one]));
  const views = all.filter(({ sources }) => sources.length > 0).map((one) => trace(one, tables));
  const added = new Map<string, RelationshipShape[]>();
  for (const table of all) {
    for (const { name, kind, columns, references } of table.constraints) {
      if (kind !== 'foreign' || references === null) continue;
      const target = all.find((one) => one.schema === references.schema && one.name === references.table);
      if (target === undefined) continue;
      const oneToOne = table.constraints.some(
        (key) => (key.kind === 'primary' || key.kind === 'unique') && isSubset(key.columns, columns),
      );
      const ends = showing(target, references.columns, views);
      for (const from of showing(table, columns, views)) {
        for (const to of ends) {
          if (from.relation === table && to.relation === target) continue;
          const key = keyOf(from.relation);
          const more = added.get(key) ?? [];
          added.set(key, more);
          const { schema, name: relation } = to.relation;
          more.push({
            name,
            columns: from.columns,
            oneToOne,
            schema,
            relation,
            referencedColumns: to.columns,
          });
        }
      }
    }
  }
  const extended = (one: RelationShape): RelationShape => ({
    ...one,
    relationships: [...one.relationships, ...(added.get(keyOf(one)) ?? [])].toSorted(byName),
  });
  return { ...shape, relations: shape.relations.map(extended) };
}

/** The table itself, and every view that shows all these columns of it. */
function showing(table: Known, columns: readonly string[], views: readonly Traced[]): readonly Showing[] {
  const found = views.flatMap(({ relation, shows }): readonly Showing[] => {
    const shown = columns.map((column) => shows.get(columnKey(table.id, column)));
    return shown.every((column) => column !== undefined) ? [{ relation, columns: shown }] : [];
  });
  return [{ relation: table, columns }, ...found];
}

/** A view with the column of it that shows a column of another relation, near or far. */
interface Traced {
  readonly relation: Known;
  readonly shows: ReadonlyMap<string, string>;
}

/** A view can stand on itself: what was reached once is not looked at again. */
function trace(relation: Known, tables: ReadonlyMap<number, Known>): Traced {
  const shows = new Map<string, string>();
  const follow = (view: Known, position: number, shownAs: string): void => {
    for (const source of view.sources.filter((one) => one.position === position)) {
      const behind = tables.get(source.table);
      const name = behind === undefined ? undefined : nameAt(behind, source.source);
      if (behind === undefined || name === undefined || shows.has(columnKey(behind.id, name))) continue;
      shows.set(columnKey(behind.id, name), shownAs);
      follow(behind, source.source, shownAs);
    }
  };
  for (const { position, name } of relation.columns) follow(relation, position, name);
  return { relation, shows };
}

function columnKey(table: number, column: string): string {
  return `${table} ${column}`;
}

function nameAt({ columns }: Known, position: number): string | undefined {
  return columns.find((column) => column.position === position)?.name;
}

function isSubset(some: readonly string[], all: readonly string[]): boolean {
  return some.length > 0 && some.every((name) => all.includes(name));
}

function keyOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return JSON.stringify([schema, name]);
}

function byName(a: RelationshipShape, b: RelationshipShape): number {
  const [left, right] = [JSON.stringify([a.name, a.relation]), JSON.stringify([b.name, b.relation])];
  return left < right ? -1 : left > right ? 1 : 0;
}
