import type { Routine, RoutineParameter } from '../schema-cache/data-schema.ts';

/** The value of a parameter given in the query string or a form; a list for a VARIADIC one. */
export type ArgumentValue =
  | { readonly kind: 'fixed'; readonly value: string }
  | { readonly kind: 'variadic'; readonly values: readonly string[] };

/** A call of one routine. */
export interface CallPlan {
  readonly routine: Routine;
  readonly parameters:
    | { readonly kind: 'named'; readonly parameters: readonly RoutineParameter[] }
    | { readonly kind: 'unnamed'; readonly parameter: RoutineParameter };
  readonly args:
    | { readonly kind: 'direct'; readonly values: ReadonlyMap<string, ArgumentValue> }
    /** The body as it came: JSON for named parameters, anything for the unnamed one. Null: no body. */
    | { readonly kind: 'body'; readonly text: string | null };
  /** Columns that filters need and the caller did not select. */
  readonly filterFields: readonly string[];
  readonly returning: readonly string[];
}
