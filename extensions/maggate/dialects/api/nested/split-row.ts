import { ExtensionError, type JsonText } from '../../../../sdk/index.ts';
import type { JsonObject } from '../../../parse/parse-documents.ts';
import type { ColumnPairs, QualifiedName } from '../../../schema-cache/data-schema.ts';
import { findColumn } from '../../../schema-cache/find-column.ts';
import { nameKey } from '../../../schema-cache/name-key.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import { findRelation } from './find-relation.ts';
import type { NestedReading } from './nested-reading.ts';
import type { NestedChildren } from './nested-row.ts';

/** Levels below the top, and rows in all: each is a part of one statement that PostgreSQL has to plan. */
const deepest = 5;
const mostRows = 1000;

/** A key of an object that names a relation. */
export type RelationKey = {
  readonly name: string;
  readonly json: JsonText;
  readonly foreign: TableSchema;
  readonly columns: ColumnPairs;
} & (
  | { readonly kind: 'parent' }
  | {
      readonly kind: 'children';
      readonly many: boolean;
      readonly junction: NestedChildren['junction'];
    }
);

/** An object taken apart: its own columns, its relations, and what `$delete` or `$upsert` say. */
export interface SplitRow {
  readonly table: TableSchema;
  readonly own: JsonObject;
  readonly relations: readonly RelationKey[];
  readonly mark: 'delete' | 'upsert' | undefined;
}

/**
 * Takes an object apart. What names a column is one, also where a relation has the same name, unless it holds an
 * object that the column's type has no use for.
 * @throws MF423 for names of neither, MF426 for too many rows or levels
 */
export function splitRow(
  reading: NestedReading,
  table: TableSchema,
  object: JsonObject,
  place: string,
  depth: number,
): SplitRow {
  count(reading, depth);
  const own = new Map<string, JsonText>();
  const relations: RelationKey[] = [];
  let mark: SplitRow['mark'];
  for (const [name, json] of object.entries) {
    const column = table.columnsByName.get(name);
    const structure = json.kind === 'object' || json.kind === 'array';
    if (column !== undefined && !(structure && (column.kind === 'plain' || column.kind === 'text'))) {
      own.set(name, json);
      continue;
    }
    if (depth > 0 && (name === '$delete' || name === '$upsert') && column === undefined) {
      if (json.kind === 'true') mark = name === '$delete' ? 'delete' : 'upsert';
      else if (json.kind !== 'false') throw noMark(name, place);
      continue;
    }
    const relation = relationKey(reading, table, name, json, place);
    if (relation === undefined) {
      // bindRow says what a column does not take.
      if (column === undefined) throw unknown(reading, table, name, place);
      own.set(name, json);
    } else relations.push(relation);
  }
  return { table, own: { ...object, entries: own }, relations, mark };
}

function count(reading: NestedReading, depth: number): void {
  reading.rows += 1;
  if (depth > deepest) {
    throw new ExtensionError('MF426', `The body is nested ${depth} levels deep; ${deepest} are allowed.`, {
      fix: 'Write the deeper rows in a request of their own, or all of them with POST /batch/v1.',
      details: { limit: 'depth', value: depth, allowed: deepest },
    });
  }
  if (reading.rows > mostRows) {
    throw new ExtensionError('MF426', `The body has more than ${mostRows} rows with nested ones.`, {
      fix: `Send at most ${mostRows} rows at a time.`,
      details: { limit: 'rows', value: reading.rows, allowed: mostRows },
    });
  }
}

function relationKey(
  reading: NestedReading,
  table: TableSchema,
  name: string,
  json: JsonText,
  place: string,
): RelationKey | undefined {
  const found = findRelation(reading.relations, table, name, place);
  if (found === undefined) return undefined;
  const foreign = tableOf(reading, found.foreignTable, name, place);
  const { cardinality } = found;
  const isList = json.kind === 'array';
  switch (cardinality.kind) {
    case 'many-to-one':
      if (isList) throw wrongForm(name, place, 'one row', 'an object, or null for none');
      return { kind: 'parent', name, json, foreign, columns: cardinality.columns };
    case 'one-to-one':
      if (isList) throw wrongForm(name, place, 'one row', 'an object');
      if (!cardinality.isParent) return { kind: 'parent', name, json, foreign, columns: cardinality.columns };
      return {
        kind: 'children',
        name,
        json,
        foreign,
        columns: cardinality.columns,
        many: false,
        junction: undefined,
      };
    case 'one-to-many':
      if (!isList) throw wrongForm(name, place, 'many rows', 'a list of objects');
      return {
        kind: 'children',
        name,
        json,
        foreign,
        columns: cardinality.columns,
        many: true,
        junction: undefined,
      };
    case 'many-to-many': {
      if (!isList) throw wrongForm(name, place, 'many rows', 'a list of objects');
      const junction = {
        table: tableOf(reading, cardinality.junction, name, place),
        target: cardinality.target,
      };
      return { kind: 'children', name, json, foreign, columns: cardinality.source, many: true, junction };
    }
  }
}

function tableOf({ schema }: NestedReading, table: QualifiedName, name: string, place: string): TableSchema {
  const found = schema.tables.get(table.name);
  if (found !== undefined && nameKey(found.schema, found.name) === nameKey(table.schema, table.name))
    return found;
  throw new ExtensionError(
    'MF424',
    `"${name}" (in ${place}) leads through a table that this API does not have.`,
    {
      details: { relation: name, allow: [] },
    },
  );
}

function unknown(reading: NestedReading, table: TableSchema, name: string, place: string): unknown {
  const relations = reading.relations.relationships.get(
    nameKey(nameKey(table.schema, table.name), table.schema),
  );
  const names = relations?.flatMap((one) => (one.kind === 'computed' ? [] : [one.foreignTable.name])) ?? [];
  // Throws: it is no column.
  return findColumn(table, name, place, { code: 'MF423', alsoValid: names });
}

function wrongForm(name: string, place: string, holds: string, wanted: string): ExtensionError {
  return new ExtensionError('MF423', `"${name}" (in ${place}) leads to ${holds}.`, {
    fix: `Send ${wanted}.`,
    details: { relation: name },
  });
}

function noMark(name: string, place: string): ExtensionError {
  return new ExtensionError('MF423', `"${name}" (in ${place}) is true or left out.`, {
    details: { relation: name },
  });
}
