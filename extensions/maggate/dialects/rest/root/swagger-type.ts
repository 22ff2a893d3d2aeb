/** Type of a value in OpenAPI 2.0, by PostgreSQL's name of the type; undefined for JSON, which may be anything. */
export type SwaggerType = 'string' | 'boolean' | 'integer' | 'number' | 'array' | undefined;

const types: Readonly<Record<string, SwaggerType>> = {
  boolean: 'boolean',
  smallint: 'integer',
  integer: 'integer',
  bigint: 'integer',
  numeric: 'number',
  real: 'number',
  'double precision': 'number',
  json: undefined,
  jsonb: undefined,
};

export function swaggerType(type: string): SwaggerType {
  if (Object.hasOwn(types, type)) return types[type];
  return type.endsWith('[]') ? 'array' : 'string';
}
