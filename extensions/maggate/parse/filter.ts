/** Operators that compare a column with one value. */
export type ComparisonOperator = 'eq' | 'neq' | 'gt' | 'gte' | 'lt' | 'lte' | 'like' | 'ilike';
export type FilterOperator = ComparisonOperator | 'in' | 'is';

/** One condition as the caller wrote it; the column is a name that nobody has looked up yet. */
export interface Filter {
  readonly column: string;
  readonly negated: boolean;
  readonly operator: FilterOperator;
  readonly value: string;
}

/** What `is.` can test. */
export type IsTest = 'null' | 'not_null' | 'true' | 'false';
