import { swaggerType } from './swagger-type.ts';

const formats: Readonly<Record<string, string>> = { smallint: 'int32', integer: 'int32', bigint: 'int64' };

/** `type`, `format` and `items` of a value of a PostgreSQL type. */
export function typeFacts(type: string): Record<string, unknown> {
  const kind = swaggerType(type);
  return {
    ...(kind === undefined ? {} : { type: kind }),
    format: typeFormat(type),
    ...(kind === 'array' ? { items: itemType(type) } : {}),
  };
}

/** PostgreSQL's name of the type, or what OpenAPI calls an integer of its width. */
export function typeFormat(type: string): string {
  return formats[type] ?? type;
}

function itemType(type: string): Record<string, unknown> {
  const item = swaggerType(type.slice(0, -2));
  return item === undefined ? {} : { type: item };
}
