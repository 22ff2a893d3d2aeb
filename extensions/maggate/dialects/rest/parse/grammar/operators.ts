import type { FtsOperator, IsValue, QuantOperator, SimpleOperator } from '../../../../query/query-params.ts';

/** The words of the grammar, in the order in which they are tried. */
export const simpleOperators: readonly SimpleOperator[] = [
  'neq',
  'cs',
  'cd',
  'ov',
  'sl',
  'sr',
  'nxr',
  'nxl',
  'adj',
];
export const quantOperators: readonly QuantOperator[] = [
  'eq',
  'gte',
  'gt',
  'lte',
  'lt',
  'like',
  'ilike',
  'match',
  'imatch',
];
export const ftsOperators: readonly FtsOperator[] = ['fts', 'plfts', 'phfts', 'wfts'];
export const isValues: readonly IsValue[] = ['null', 'not_null', 'true', 'false', 'unknown'];
