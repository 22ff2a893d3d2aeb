import type { ColumnSchema } from '../schema-cache/column-schema.ts';

/**
 * The default of a column where it is a constant that JSON can hold: what PostgreSQL prints for `0`, `true` and
 * `'draft'::text`. Expressions are not shown: they name functions of the project.
 */
export function literalDefault(column: ColumnSchema): string | number | boolean | undefined {
  const text = column.default;
  if (text === null || column.readOnly !== undefined) return undefined;
  const quoted = /^'((?:[^']|'')*)'::[\w ."]+(?:\(\d+(?:,\d+)?\))?$/.exec(text)?.[1]?.replaceAll("''", "'");
  if (column.kind === 'boolean') return text === 'true' ? true : text === 'false' ? false : undefined;
  if (numbers.has(column.baseType)) {
    const digits = quoted ?? text.replace(/^\((.*)\)$/, '$1');
    const number = Number(digits);
    return /^-?\d+(\.\d+)?$/.test(digits) && String(number) === digits ? number : undefined;
  }
  return column.kind === 'text' || column.enumValues !== null ? quoted : undefined;
}

const numbers = new Set(['int2', 'int4', 'int8', 'float4', 'float8', 'numeric']);
