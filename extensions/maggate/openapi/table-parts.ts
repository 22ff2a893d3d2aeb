import { createHash } from 'node:crypto';
import type { Access } from '../dialects/api/access.ts';
import { operationMethods } from '../dialects/api/operation-methods.ts';
import { tablePaths } from '../dialects/api/table-paths.ts';
import type { ApiOperation } from '../schema-cache/api-operation.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import { columnJsonSchema, type JsonSchema } from './column-json-schema.ts';
import { operationObject, type RowReferences } from './operation-object.ts';

/** What a document says of one table: bytes that are made once and put together with those of other tables. */
export interface TableParts {
  /** Members of `components.schemas`, with a comma between them. */
  readonly schemas: Buffer;
  /** Beginnings of the path items of the table and of its rows. */
  readonly items: Readonly<Record<'table' | 'row', Buffer>>;
  /** Members of the path items. */
  readonly operations: ReadonlyMap<ApiOperation, Buffer>;
  /** Of all that. */
  readonly digest: string;
}

const made = new WeakMap<TableSchema, Map<string, TableParts>>();
/** Callers of a table with rights on different columns; there are as many as roles. */
const mostKept = 16;

/**
 * The parts of a table for a caller. They go with the table: a new version of the schema is a new table object.
 * @param access decides which columns are shown, not which operations
 */
export function tableParts(table: TableSchema, access: Access): TableParts {
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
    parts = makeParts(table, { select: select!, insert: insert!, update: update! });
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

function makeParts(table: TableSchema, columns: Columns): TableParts {
  const name = componentName(table.name);
  const at = (kind: string): string => `#/components/schemas/${kind}.${name}`;
  const references: RowReferences = { row: at('row'), insert: at('insert'), update: at('update') };
  const writes = ['create', 'replace', 'update'] as const;
  const written = writes.some((operation) => table.operations.has(operation));
  const schemas = {
    [`row.${name}`]: { ...about(table), ...rowSchema(columns.select, 'read') },
    ...(written ? writtenSchemas(name, columns) : {}),
  };
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
  return {
    schemas: bytes(JSON.stringify(schemas).slice(1, -1)),
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

function about({ comment }: TableSchema): JsonSchema {
  return comment === null ? {} : { description: comment };
}

/** Bodies: `insert` wants what has no default and may not be null, `update` wants nothing. */
function writtenSchemas(name: string, { insert, update }: Columns): JsonSchema {
  const needed = insert
    .filter((column) => !column.nullable && !column.hasDefault && column.readOnly === undefined)
    .map((column) => column.name);
  const required = needed.length === 0 ? {} : { required: needed };
  const changed = { ...rowSchema(update, 'write'), additionalProperties: false };
  // Mostly the columns are the same for both.
  const added =
    insert.length === update.length && insert.every((column) => update.includes(column))
      ? { allOf: [{ $ref: `#/components/schemas/update.${name}` }], ...required }
      : { ...rowSchema(insert, 'write'), ...required, additionalProperties: false };
  return { [`insert.${name}`]: added, [`update.${name}`]: changed };
}

function rowSchema(columns: readonly ColumnSchema[], use: 'read' | 'write'): JsonSchema {
  const properties = columns.map((column) => [column.name, columnJsonSchema(column, use)]);
  return { type: 'object', properties: Object.fromEntries(properties) };
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
