import { ExtensionError, type JsonText } from '../../../../sdk/index.ts';
import type { JsonObject } from '../../../parse/parse-documents.ts';
import { bindRow } from '../../../plan/bind-row.ts';
import type { BoundRow } from '../../../plan/bound-row.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import { checkWritable } from './check-writable.ts';
import type { NestedReading } from './nested-reading.ts';
import type { NestedAction, NestedRow } from './nested-row.ts';
import { type RelationKey, type SplitRow, splitRow } from './split-row.ts';

/** How the row above leads to this one: it refers to it, is referred to by it, or is linked to it by a junction. */
type Relation = 'parent' | 'child' | 'linked';

/**
 * Looks up the columns and relations of the top object of a body, and of all objects in it.
 * @param action what is done with it
 * @throws MF422, MF423, MF424; MF426 when it is too deep or has too many rows
 */
export function readNestedRow(
  reading: NestedReading,
  table: TableSchema,
  document: JsonObject,
  place: string,
  action: 'insert' | 'update' | 'replace',
): NestedRow {
  const split = splitRow(reading, table, document, place, 0);
  const row = bindRow(table, split.own, place, action === 'replace' ? table.primaryKey : []);
  return { table, place, action, row, key: [], ...around(reading, split, row, place, 0) };
}

function readRelated(
  reading: NestedReading,
  table: TableSchema,
  json: JsonText,
  place: string,
  relation: Relation,
  depth: number,
): NestedRow {
  if (json.kind !== 'object') {
    throw new ExtensionError('MF423', `${place} is no object.`, {
      fix: `Send an object with columns of "${table.name}".`,
      details: { table: table.name },
    });
  }
  const split = splitRow(reading, table, json, place, depth);
  const hasKey =
    table.primaryKey.length > 0 && table.primaryKey.every(({ name }) => split.own.entries.has(name));
  const action = actionOf(reading, table, split, hasKey, relation);
  if (split.mark === 'delete') checkDeletable(table, split, place, relation, hasKey);
  const looked = action === 'update' || action === 'delete' || action === 'link';
  // A key that only the database fills may be given where it is not written.
  const bound = bindRow(table, split.own, place, looked ? table.primaryKey : []);
  const isKey = ({ column }: BoundRow[number]): boolean => table.primaryKey.includes(column);
  const row = looked ? bound.filter((entry) => !isKey(entry)) : bound;
  checkWritable(table, action, place);
  return {
    table,
    place,
    action,
    row,
    // In the order of the key.
    key: looked ? table.primaryKey.map((column) => bound.find((entry) => entry.column === column)!) : [],
    ...around(reading, split, row, place, depth),
  };
}

function actionOf(
  reading: NestedReading,
  table: TableSchema,
  { own, mark, relations }: SplitRow,
  hasKey: boolean,
  relation: Relation,
): NestedAction {
  if (mark !== undefined) return mark;
  if (!hasKey) return 'insert';
  const onlyKey = own.entries.size === table.primaryKey.length && relations.length === 0;
  // Nothing but its key: a row that is there.
  if (onlyKey && (relation !== 'child' || reading.mode === 'change')) return 'link';
  return reading.mode === 'change' ? 'update' : 'insert';
}

function checkDeletable(
  table: TableSchema,
  { own, relations }: SplitRow,
  place: string,
  relation: Relation,
  hasKey: boolean,
): void {
  const key = table.primaryKey.map(({ name }) => `"${name}"`).join(', ');
  const onlyKey = own.entries.size === table.primaryKey.length && relations.length === 0;
  if (relation !== 'parent' && hasKey && onlyKey) return;
  throw new ExtensionError('MF423', `${place} cannot be deleted like this.`, {
    fix:
      relation === 'parent'
        ? 'Only rows of a list can be deleted; null takes the reference away.'
        : `Send its key (${key}) and "$delete": true, nothing else.`,
    details: { table: table.name },
  });
}

/** The rows that a row refers to, and those that refer to it. */
function around(
  reading: NestedReading,
  { relations, table }: SplitRow,
  row: BoundRow,
  place: string,
  depth: number,
): Pick<NestedRow, 'parents' | 'children'> {
  const parents: NestedRow['parents'][number][] = [];
  const children: NestedRow['children'][number][] = [];
  for (const relation of relations) {
    const at = depth === 0 && place === 'the body' ? relation.name : `${place}.${relation.name}`;
    if (relation.kind === 'parent') {
      checkFree(table, row, relation, place);
      const { name, columns, json, foreign } = relation;
      const parent =
        json.kind === 'null' ? null : readRelated(reading, foreign, json, at, 'parent', depth + 1);
      parents.push({ name, columns, parent });
    } else {
      const { name, columns, json, foreign, many, junction } = relation;
      const kind = junction === undefined ? 'child' : 'linked';
      const items = json.kind === 'array' ? json.items : [json];
      const rows = items.map((item, index) =>
        readRelated(reading, foreign, item, many ? `${at}[${index}]` : at, kind, depth + 1),
      );
      if (junction === undefined) {
        const filled = columns.map(([here, there]) => [there, here] as const);
        for (const each of rows) checkFree(foreign, each.row, { name, columns: filled }, each.place);
      }
      children.push({ name, columns, many, rows, junction });
    }
  }
  return { parents, children };
}

/** A column that a relation fills is not given twice. */
function checkFree(
  table: TableSchema,
  row: BoundRow,
  { name, columns }: Pick<RelationKey, 'name' | 'columns'>,
  place: string,
): void {
  const [twice] = columns.filter(([here]) => row.some(({ column }) => column.name === here));
  if (twice === undefined) return;
  throw new ExtensionError(
    'MF423',
    `"${twice[0]}" and "${name}" (in ${place}) both say what the row refers to.`,
    {
      fix: 'Leave one of them out.',
      details: { table: table.name, column: twice[0], relation: name },
    },
  );
}
