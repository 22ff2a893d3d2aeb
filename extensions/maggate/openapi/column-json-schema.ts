import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import { literalDefault } from './literal-default.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

/** NaN and the infinities have no JSON number: PostgreSQL writes them as text. */
const noNumber = '^(NaN|-?Infinity)$';

const byBaseType: Readonly<Record<string, JsonSchema>> = {
  int2: { type: 'integer', minimum: -32_768, maximum: 32_767 },
  int4: { type: 'integer', format: 'int32', minimum: -2_147_483_648, maximum: 2_147_483_647 },
  int8: { type: 'integer', format: 'int64' },
  float4: { type: ['number', 'string'], format: 'float', pattern: noNumber },
  float8: { type: ['number', 'string'], format: 'double', pattern: noNumber },
  numeric: { type: ['number', 'string'], pattern: noNumber },
  bool: { type: 'boolean' },
  uuid: { type: 'string', format: 'uuid' },
  date: { type: 'string', format: 'date' },
  timestamptz: { type: 'string', format: 'date-time' },
  // Any JSON: the empty schema.
  json: {},
  jsonb: {},
};

/** Numbers that JSON readers would round travel as text as well. */
const alsoText = new Set(['int8', 'numeric']);

/**
 * A column as JSON Schema 2020-12. What has no JSON type of its own travels as text.
 * @param use how it stands in an answer, or what a body may hold
 */
export function columnJsonSchema(column: ColumnSchema, use: 'read' | 'write' = 'read'): JsonSchema {
  const { type, ...base } = use === 'read' ? readSchema(column) : writeSchema(column);
  const types = type === undefined ? undefined : [type].flat();
  if (types !== undefined && column.nullable) types.push('null');
  const assumed = use === 'write' ? literalDefault(column) : undefined;
  return {
    ...(types === undefined ? {} : { type: types.length === 1 ? types[0] : types }),
    ...base,
    ...(column.comment === null ? {} : { description: column.comment }),
    ...(assumed === undefined ? {} : { default: assumed }),
    ...(column.readOnly === undefined ? {} : { readOnly: true }),
    'x-postgres-type': column.type,
  };
}

function readSchema(column: ColumnSchema): JsonSchema {
  if (column.kind === 'array') return { type: 'array', items: itemSchema(column) };
  if (column.kind === 'composite') return { type: 'object' };
  if (column.enumValues !== null) {
    return { type: 'string', enum: column.nullable ? [...column.enumValues, null] : column.enumValues };
  }
  const base = byBaseType[column.baseType] ?? { type: 'string' };
  return column.maxLength !== null && column.kind === 'text'
    ? { ...base, maxLength: column.maxLength }
    : base;
}

/** Arrays and composites may be written as PostgreSQL's own text, numbers of any length as text. */
function writeSchema(column: ColumnSchema): JsonSchema {
  const { pattern, ...schema } = readSchema(column);
  const { type } = schema;
  if (column.kind === 'array' || column.kind === 'composite') return { ...schema, type: [type, 'string'] };
  if (alsoText.has(column.baseType)) return { ...schema, type: [[type].flat()[0], 'string'] };
  return pattern === undefined ? schema : { ...schema, pattern };
}

/** An item may be null, and of an array with several dimensions it is an array. */
function itemSchema(column: ColumnSchema): JsonSchema {
  const item = byBaseType[column.baseType.replace(/^_/, '')];
  // Of an item that is no number, boolean or text for sure (composites, JSON) nothing is said.
  const type = item?.['type'];
  if (type === undefined) return {};
  return { ...item, type: [...[type].flat(), 'null', 'array'] };
}
