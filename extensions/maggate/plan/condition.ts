import type { ComparisonOperator, IsTest } from '../parse/filter.ts';
import type { ColumnSchema } from '../schema-cache/column-schema.ts';

/** A filter whose column exists. Values are bound later, one parameter for each `comparison` and `in`. */
export type Condition =
  | {
      readonly kind: 'comparison';
      readonly column: ColumnSchema;
      readonly negated: boolean;
      readonly operator: ComparisonOperator;
    }
  | { readonly kind: 'in'; readonly column: ColumnSchema; readonly negated: boolean }
  | {
      readonly kind: 'is';
      readonly column: ColumnSchema;
      readonly negated: boolean;
      readonly test: IsTest;
    };
