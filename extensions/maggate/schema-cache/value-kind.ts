import type { CatalogColumn } from '../../sdk/index.ts';
import type { ValueKind } from './column-schema.ts';

/** Decides how values of a column travel, from the type category PostgreSQL gives (`pg_type.typcategory`). */
export function valueKind(column: Pick<CatalogColumn, 'baseType' | 'category'>): ValueKind {
  if (column.baseType === 'json' || column.baseType === 'jsonb') return 'json';
  switch (column.category) {
    case 'S':
      return 'text';
    case 'B':
      return 'boolean';
    case 'A':
      return 'array';
    case 'C':
      return 'composite';
    default:
      return 'plain';
  }
}
