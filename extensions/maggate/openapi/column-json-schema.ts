import type { ColumnSchema } from '../schema-cache/column-schema.ts';

export type JsonSchema = Readonly<Record<string, unknown>>;

const byBaseType: Readonly<Record<string, JsonSchema>> = {
  int2: { type: 'integer', minimum: -32768, maximum: 32767 },
  int4: { type: 'integer', format: 'int32' },
  int8: { type: 'integer', format: 'int64' },
  float4: { type: 'number', format: 'float' },
  float8: { type: 'number', format: 'double' },
  numeric: { type: 'number' },
  bool: { type: 'boolean' },
  uuid: { type: 'string', format: 'uuid' },
  date: { type: 'string', format: 'date' },
  timestamptz: { type: 'string', format: 'date-time' },
  // Any JSON: the empty schema.
  json: {},
  jsonb: {},
};

/** A column as JSON Schema 2020-12. What has no JSON type of its own travels as text. */
export function columnJsonSchema(column: ColumnSchema): JsonSchema {
  const base = valueSchema(column);
  const type = base['type'];
  return {
    ...base,
    ...(column.nullable && typeof type === 'string' ? { type: [type, 'null'] } : {}),
    ...(column.comment === null ? {} : { description: column.comment }),
    ...(column.readOnly === undefined ? {} : { readOnly: true }),
    'x-postgres-type': column.type,
  };
}

function valueSchema(column: ColumnSchema): JsonSchema {
  if (column.kind === 'array') return { type: 'array' };
  if (column.kind === 'composite') return { type: 'object' };
  if (column.enumValues !== null) {
    return { type: 'string', enum: column.nullable ? [...column.enumValues, null] : column.enumValues };
  }
  return byBaseType[column.baseType] ?? { type: 'string' };
}
