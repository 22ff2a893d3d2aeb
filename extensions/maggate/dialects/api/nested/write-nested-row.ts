import { keySql } from '../../../build-sql/key-sql.ts';
import { quoteIdentifier } from '../../../build-sql/quote-identifier.ts';
import { refuseSql } from '../../../build-sql/refuse-sql.ts';
import { rowConditionsSql } from '../../../build-sql/row-conditions-sql.ts';
import { noRowSql, severalRowsSql } from '../../../build-sql/row-refusals.ts';
import { tableName } from '../../../build-sql/table-name.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';
import type { RowFilter } from '../row-filter.ts';
import { insertRowsSql } from './insert-rows-sql.ts';
import { isLeaf } from './is-leaf.ts';
import type { NestedChildren, NestedRow } from './nested-row.ts';
import type { NestedWriter } from './nested-writer.ts';
import { setRowSql } from './set-row-sql.ts';
import type { WrittenRow } from './written-row.ts';

/** A column that gets its value from another part. */
export interface FilledColumn {
  readonly column: string;
  readonly value: string;
}

export interface NestedWriting {
  readonly writer: NestedWriter;
  /** No row is shown: a part returns what others need, which asks for fewer rights. */
  readonly minimal: boolean;
}

/** The row in the address of a PATCH or PUT. */
export interface AddressedRow {
  readonly key: readonly string[];
  readonly filter: RowFilter;
}

/** The top object, with everything around it. @param address of a row that exists */
export function writeTopRow(
  writing: NestedWriting,
  row: NestedRow,
  address: AddressedRow | undefined,
): WrittenRow {
  return writeRow(writing, row, [], [], address);
}

/**
 * Writes a row: first those that it refers to, then itself, then those that refer to it.
 * @param links columns that refer to the row above
 * @param needed columns that other parts need
 */
function writeRow(
  writing: NestedWriting,
  row: NestedRow,
  links: readonly FilledColumn[],
  needed: readonly string[],
  address?: AddressedRow,
): WrittenRow {
  const parents = row.parents.map(({ name, columns, parent }) => {
    const there = columns.map(([, column]) => column);
    const written = parent === null ? null : writeRow(writing, parent, [], there);
    return { name, columns, row: written };
  });
  const filled = parents.flatMap(({ columns, row: parent }) =>
    columns.map(([column, there]) => ({ column, value: parent === null ? 'null' : fromPart(parent, there) })),
  );
  const wanted = [...needed, ...row.children.flatMap(({ columns }) => columns.map(([here]) => here))];
  const returning = returningSql(writing, row.table, wanted);
  const written = { table: row.table, part: writeOwn(writing, row, filled, links, returning, address) };
  const children = row.children.map((child) => writeChildren(writing, written, child));
  return { ...written, parents, children };
}

function writeOwn(
  { writer }: NestedWriting,
  row: NestedRow,
  filled: readonly FilledColumn[],
  links: readonly FilledColumn[],
  returning: string,
  address: AddressedRow | undefined,
): string {
  const { table, action, place } = row;
  if (action === 'insert' || action === 'upsert') {
    writer.did('insert', table, 'create');
    if (action === 'upsert') writer.did('update', table, 'update');
    const part = writer.part(insertRowsSql(writer, table, [row], [...filled, ...links], links, returning));
    const kept = action === 'upsert' && links.length > 0 ? 'belongs to another row' : 'was not stored';
    writer.guards.push(
      `when ${countOf(part)} <> 1 then ${refuseSql('MF409', `The row of ${place} ${kept}.`)}`,
    );
    return part;
  }
  const found = `${addressSql(writer, row, address)}${linkedSql(links)}`;
  if (action === 'delete') {
    writer.did('delete', table, 'delete');
    return guarded(
      writer,
      row,
      writer.part(`delete from ${tableName(table)} as t where ${found} returning 1 as one`),
    );
  }
  const set = setRowSql(writer, row, filled);
  const same = action === 'replace' ? keyGuardsSql(writer, row) : '';
  const sql =
    set === ''
      ? `select ${returning} from ${tableName(table)} as t where ${found}${same}`
      : `update ${tableName(table)} as t set ${set} where ${found}${same} returning ${returning}`;
  if (set === '') writer.did('select', table, 'read');
  else writer.did('update', table, action === 'replace' ? 'replace' : 'update');
  return guarded(writer, row, writer.part(sql), address !== undefined);
}

function guarded(writer: NestedWriter, { table, place }: NestedRow, part: string, isTop = false): string {
  const count = countOf(part);
  const none = isTop
    ? noRowSql(table)
    : refuseSql(
        'MF404',
        `The row of "${table.name}" that ${place} names is not there, not of this row, or hidden.`,
      );
  writer.guards.push(`when ${count} = 0 then ${none}`, `when ${count} > 1 then ${severalRowsSql(table)}`);
  return part;
}

function addressSql(
  writer: NestedWriter,
  { table, key }: NestedRow,
  address: AddressedRow | undefined,
): string {
  if (address === undefined) {
    return key
      .map((entry) => `t.${quoteIdentifier(entry.column.name)} = ${writer.compared(table, entry)}`)
      .join(' and ');
  }
  const sql = keySql(table.primaryKey, writer.parameters);
  writer.took(table, address.key);
  const conditions = rowConditionsSql(table, address.filter.conditions, writer.parameters);
  writer.took(table, address.filter.parameters);
  return sql + conditions;
}

/** A key that PUT repeats is the one in the address. */
function keyGuardsSql(writer: NestedWriter, { table, row }: NestedRow): string {
  const repeated = row.filter(({ column }) => table.primaryKey.includes(column));
  return repeated
    .map((entry) => {
      const { name } = entry.column;
      const same = `t.${quoteIdentifier(name)} = ${writer.compared(table, entry)}`;
      const message = `"${name}" in the body is not the one in the path.`;
      return ` and case when ${same} then true else ${refuseSql('MF422', message)} is null end`;
    })
    .join('');
}

function linkedSql(links: readonly FilledColumn[]): string {
  return links.map(({ column, value }) => ` and t.${quoteIdentifier(column)} = ${value}`).join('');
}

/** Rows alike, of one list, that have nothing around them are one INSERT. */
function writeChildren(
  writing: NestedWriting,
  owner: Pick<WrittenRow, 'part'>,
  child: NestedChildren,
): WrittenRow['children'][number] {
  const { name, many, columns, rows, junction } = child;
  const written: WrittenRow[] = [];
  const links =
    junction === undefined
      ? columns.map(([here, there]) => ({ column: there, value: fromPart(owner, here) }))
      : [];
  let alike: NestedRow[] = [];
  const finish = (): void => {
    if (alike.length > 0) written.push(writeAlike(writing, alike, links));
    alike = [];
  };
  for (const row of rows) {
    if (junction === undefined && isLeaf(row)) alike.push(row);
    else {
      finish();
      const shown =
        junction === undefined ? writeRow(writing, row, links, []) : writeLinked(writing, owner, row, child);
      if (row.action !== 'delete' && shown !== undefined) written.push(shown);
    }
  }
  finish();
  return { name, many, rows: written };
}

function writeAlike(
  writing: NestedWriting,
  rows: readonly NestedRow[],
  links: readonly FilledColumn[],
): WrittenRow {
  const { writer } = writing;
  const { table, place } = rows[0]!;
  writer.did('insert', table, 'create');
  const part = writer.part(
    insertRowsSql(writer, table, rows, links, links, returningSql(writing, table, [])),
  );
  const message = `A row of ${place.replace(/\[\d+\]$/, '')} was not stored.`;
  writer.guards.push(`when ${countOf(part)} <> ${rows.length} then ${refuseSql('MF409', message)}`);
  return { table, part, parents: [], children: [] };
}

/** A row behind a junction: it is written or looked for, and linked; deleting takes away the link alone. */
function writeLinked(
  writing: NestedWriting,
  owner: Pick<WrittenRow, 'part'>,
  row: NestedRow,
  { columns, junction }: NestedChildren,
): WrittenRow | undefined {
  const { writer } = writing;
  const { table, target } = junction!;
  const source = columns.map(([here, there]) => ({ column: there, value: fromPart(owner, here) }));
  if (row.action === 'delete') {
    const conditions = [
      ...source,
      ...target.map(([here, there]) => ({ column: there, value: keyValue(writer, row, here) })),
    ];
    const where = conditions
      .map(({ column, value }) => `t.${quoteIdentifier(column)} = ${value}`)
      .join(' and ');
    writer.did('delete', table, 'delete');
    guarded(
      writer,
      row,
      writer.part(`delete from ${tableName(table)} as t where ${where} returning 1 as one`),
    );
    return undefined;
  }
  const shown = writeRow(
    writing,
    row,
    [],
    target.map(([here]) => here),
  );
  const all = [
    ...source,
    ...target.map(([here, there]) => ({ column: there, value: fromPart(shown, here) })),
  ];
  const names = all.map(({ column }) => quoteIdentifier(column)).join(', ');
  const values = all.map(({ value }) => value).join(', ');
  writer.did('insert', table, 'create');
  writer.part(`insert into ${tableName(table)} (${names}) values (${values}) on conflict do nothing`);
  return shown;
}

function keyValue(writer: NestedWriter, row: NestedRow, name: string): string {
  const entry = row.key.find(({ column }) => column.name === name);
  return entry === undefined ? 'null' : writer.compared(row.table, entry);
}

/** A column of the one row that a part returns. */
function fromPart({ part }: Pick<WrittenRow, 'part'>, column: string): string {
  return `(select ${part}.${quoteIdentifier(column)} from ${part})`;
}

function countOf(part: string): string {
  return `(select pg_catalog.count(*) from ${part})`;
}

function returningSql({ minimal }: NestedWriting, table: TableSchema, wanted: readonly string[]): string {
  const columns = minimal ? [...new Set(wanted)] : table.columns.map(({ name }) => name);
  return columns.length === 0 ? '1 as one' : columns.map((name) => `t.${quoteIdentifier(name)}`).join(', ');
}
