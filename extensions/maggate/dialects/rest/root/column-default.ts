import type { DataColumn } from '../../../schema-cache/data-schema.ts';
import { swaggerType } from './swagger-type.ts';

/** The default of a column where it is a constant; undefined for expressions, which only PostgreSQL can evaluate. */
export function columnDefault({ default: expression, type }: DataColumn): unknown {
  if (expression === null) return undefined;
  const cast = `::${type}`;
  const text =
    swaggerType(type) === 'string' && expression.endsWith(cast)
      ? `"${expression.slice(0, -cast.length).replace(/^'+|'+$/g, '')}"`
      : swaggerType(type) === 'string'
        ? `"${expression}"`
        : expression;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
