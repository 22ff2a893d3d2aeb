import type { Filter } from '../../../parse/filter.ts';
import type { Aggregate } from '../../../query/query-params.ts';

/** A filter of `or`, `and` or `having`; in `having` it may be about an aggregate. */
export interface TreeFilter extends Filter {
  readonly aggregate?: Aggregate;
}

/** Conditions with `and` and `or` between them, as the caller wrote them: no name is looked up. */
export type ConditionTree =
  | { readonly kind: 'filter'; readonly filter: TreeFilter }
  | {
      readonly kind: 'logic';
      readonly negated: boolean;
      readonly operator: 'and' | 'or';
      readonly children: readonly ConditionTree[];
    };
