import { createHash } from 'node:crypto';
import type { Access } from '../dialects/api/access.ts';
import { operationMethods } from '../dialects/api/operation-methods.ts';
import { tablePaths } from '../dialects/api/table-paths.ts';
import type { ApiOperation } from '../schema-cache/api-operation.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { ProjectSchema } from '../schema-cache/project-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { columnJsonSchema, type JsonSchema } from './column-json-schema.ts';
import { operationObject, type RowReferences } from './operation-object.ts';
import { type RelatedTable, relatedTables } from './related-tables.ts';

/** What a document says of one table: bytes that are made once and put together with those of other tables. */
export interface TableParts {
  /** Members of `components.schemas`, in pieces. */
  readonly schemas: readonly SchemaPiece[];
  /** Beginnings of the path items of the table and of its rows. */
  readonly items: Readonly<Record<'table' | 'row', Buffer>>;
  /** Members of the path items. */
  readonly operations: ReadonlyMap<ApiOperation, Buffer>;
  /** Of all that. */
  readonly digest: string;
}

/** Text that stands there for everybody, or for those who may do something with another table. */
export interface SchemaPiece {
  readonly bytes: Buffer;
  readonly target?: TableSchema;
  readonly needs?: ApiOperation;
}

const made = new WeakMap<TableSchema, Map<string, TableParts>>();
/** Callers of a table with rights on different columns; there are as many as roles. */
const mostKept = 16;

/**
 * The parts of a table for a caller. They go with the table: a new version of the schema is a new table object.
 * @param access decides which columns are shown, not which operations
 */
export function tableParts(schema: ProjectSchema, table: TableSchema, access: Access): TableParts {
  const rights = [
    access.columns(table, 'select'),
    access.columns(table, 'insert'),
    access.columns(table, 'update'),
  ];
  const key = rights.every((right) => right === undefined) ? '' : JSON.stringify(rights);
  let kept = made.get(table);
  if (kept === undefined) {
    kept = new Map();
    made.set(table, kept);
  }
  let parts = kept.get(key);
  if (parts === undefined) {
    if (kept.size >= mostKept) kept.clear();
    const [select, insert, update] = rights.map((names) => columnsOf(table, names));
    parts = makeParts(schema, table, { select: select!, insert: insert!, update: update! });
    kept.set(key, parts);
  }
  return parts;
}

interface Columns {
  readonly select: readonly ColumnSchema[];
  readonly insert: readonly ColumnSchema[];
  readonly update: readonly ColumnSchema[];
}

function columnsOf(table: TableSchema, names: readonly string[] | undefined): readonly ColumnSchema[] {
  return names === undefined ? table.columns : table.columns.filter(({ name }) => names.includes(name));
}

function makeParts(schema: ProjectSchema, table: TableSchema, columns: Columns): TableParts {
  const name = componentName(table.name);
  const at = (kind: string): string => `#/components/schemas/${kind}.${name}`;
  const references: RowReferences = { row: at('row'), insert: at('insert'), update: at('update') };
  // Whoever cannot read the key cannot name a row.
  const named = table.primaryKey.every((column) => columns.select.includes(column));
  const offered = [...table.operations].filter(
    (operation) => named || operationMethods[operation].on === 'table',
  );
  const addresses = tablePaths(table);
  const keys = JSON.stringify(keyParameters(table));
  const digest = createHash('sha256');
  const bytes = (text: string): Buffer => {
    const made = Buffer.from(text);
    digest.update(made);
    return made;
  };
  const related = relatedTables(schema, table);
  const pieces = [
    ...rowPieces(table, columns.select, related),
    ...(isWritten(table) ? writtenPieces(table, columns, related) : []),
  ].map(({ text, ...where }) => ({ bytes: bytes(text), ...where }));
  return {
    schemas: pieces,
    items: {
      table: bytes(`${JSON.stringify(addresses.table)}:{`),
      row: bytes(`${JSON.stringify(addresses.row)}:{"parameters":${keys},`),
    },
    operations: new Map(
      offered.map((operation) => {
        const described = operationObject(table, operation, references, columns.select);
        const method = operationMethods[operation].method.toLowerCase();
        return [operation, bytes(`"${method}":${JSON.stringify(described)}`)];
      }),
    ),
    digest: digest.digest('base64url'),
  };
}

interface TextPiece extends Omit<SchemaPiece, 'bytes'> {
  readonly text: string;
}

const writes = ['create', 'replace', 'update'] as const;

function isWritten(table: TableSchema): boolean {
  return writes.some((operation) => table.operations.has(operation));
}

/** A row as it is read; with `fields` it may hold rows of related tables. */
function rowPieces(
  table: TableSchema,
  columns: readonly ColumnSchema[],
  related: readonly RelatedTable[],
): readonly TextPiece[] {
  const about = table.comment === null ? {} : { description: table.comment };
  const schema = { type: 'object', ...about, properties: properties(columns, 'read') };
  const names = new Set(columns.map((column) => column.name));
  const shown = related.filter(({ ambiguous, here }) => !ambiguous && here.every((name) => names.has(name)));
  return openSchema(
    `row.${componentName(table.name)}`,
    schema,
    shown.map((one) => {
      const row = { $ref: `#/components/schemas/row.${componentName(one.target.name)}` };
      const value = one.many ? { type: 'array', items: row } : { anyOf: [row, { type: 'null' }] };
      return { ...one, value, needs: 'list' as const };
    }),
  );
}

/**
 * Bodies: `insert` wants what has no default and may not be null, unless a row of a related table fills it; `update`
 * wants nothing. Both may hold rows of related tables.
 */
function writtenPieces(
  table: TableSchema,
  { insert, update }: Columns,
  related: readonly RelatedTable[],
): readonly TextPiece[] {
  const name = componentName(table.name);
  const filled = new Set(related.flatMap(({ fills }) => fills));
  const needed = insert
    .filter((column) => !column.nullable && !column.hasDefault && column.readOnly === undefined)
    .map((column) => column.name)
    .filter((column) => !filled.has(column));
  const required = needed.length === 0 ? {} : { required: needed };
  const nested = related.map((one) => {
    const row = { $ref: `#/components/schemas/update.${componentName(one.target.name)}` };
    return { ...one, value: one.many ? { type: 'array', items: row } : row, needs: 'create' as const };
  });
  const body = (columns: readonly ColumnSchema[]): JsonSchema => ({
    type: 'object',
    additionalProperties: false,
    properties: { ...properties(columns, 'write'), ...(related.length === 0 ? {} : marks) },
  });
  const changed = openSchema(`update.${name}`, body(update), nested);
  // Mostly the columns are the same for both.
  if (insert.length === update.length && insert.every((column) => update.includes(column))) {
    const all = { allOf: [{ $ref: `#/components/schemas/update.${name}` }], ...required };
    return [...changed, { text: `,${JSON.stringify(`insert.${name}`)}:${JSON.stringify(all)}` }];
  }
  return [...changed, ...openSchema(`insert.${name}`, { ...required, ...body(insert) }, nested)];
}

/** What a row of a related table may say of itself. */
const marks = {
  $delete: { const: true, description: 'In a list of a PATCH: the row with this key is deleted.' },
  $upsert: { const: true, description: 'Makes the row, or changes the one with this key.' },
};

/** A schema with its properties last, which further ones are added to for those who may see them. */
function openSchema(
  name: string,
  schema: JsonSchema,
  added: readonly (RelatedTable & { readonly value: JsonSchema; readonly needs: ApiOperation })[],
): readonly TextPiece[] {
  return [
    { text: `,${JSON.stringify(name)}:${JSON.stringify(schema).slice(0, -2)}` },
    ...added.map((one) => ({
      text: `,${JSON.stringify(one.name)}:${JSON.stringify(one.value)}`,
      target: one.target,
      needs: one.needs,
    })),
    { text: '}}' },
  ];
}

function properties(columns: readonly ColumnSchema[], use: 'read' | 'write'): JsonSchema {
  return Object.fromEntries(columns.map((column) => [column.name, columnJsonSchema(column, use)]));
}

function keyParameters(table: TableSchema): readonly JsonSchema[] {
  return table.primaryKey.map((column) => ({
    name: column.name,
    in: 'path',
    required: true,
    description: column.type,
    schema: { type: 'string' },
  }));
}

/** Component names are limited to `[A-Za-z0-9._-]`; what stands before it keeps a table named Problem apart from ours. */
function componentName(table: string): string {
  return encodeURIComponent(table).replaceAll(
    /[^A-Za-z0-9._-]/g,
    (character) => `_${character.charCodeAt(0).toString(16)}`,
  );
}
