/**
 * A data request as the caller wrote it, before any name was looked up: what the dialects parse into and planning
 * reads. The shape follows the grammar of PostgREST's query strings, the richest of the dialects.
 */
export interface QueryParams {
  readonly select: readonly SelectNode[];
  /** `columns=`; undefined when it was not given. */
  readonly columns: readonly string[] | undefined;
  /** `on_conflict=`; undefined when it was not given. */
  readonly onConflict: readonly string[] | undefined;
  /** Filters with the embed path they stand at; an empty path is the table that was asked. */
  readonly filters: readonly PathFilter[];
  /** Filters without an operator (`a=1`): arguments of a function, refused on tables. In order, repeats kept. */
  readonly parameters: readonly (readonly [name: string, value: string])[];
  readonly logic: readonly { readonly path: EmbedPath; readonly tree: LogicTree }[];
  readonly order: readonly { readonly path: EmbedPath; readonly terms: readonly OrderTerm[] }[];
  /** `limit` and `offset` by embed path; the key is the path joined with `\0`, the empty text the top level. */
  readonly ranges: ReadonlyMap<string, RowRange>;
  /** Sorted by name and encoded again: what Content-Location repeats. */
  readonly canonical: string;
}

/** Names of the relations from the top to where a condition belongs: `clients.projects.name=eq.x` → two names. */
export type EmbedPath = readonly string[];

/** Rows from `offset` on, at most `limit` (undefined: all). Both as the caller wrote them, checked to be integers. */
export interface RowRange {
  readonly offset: number;
  readonly limit: number | undefined;
}

/** A column, function parameter or alias, with the path into its JSON. */
export interface Field {
  readonly name: string;
  readonly jsonPath: readonly JsonStep[];
}

/** `->key` or `->>0`; `text` for the double arrow. An index keeps its digits as text. */
export interface JsonStep {
  readonly text: boolean;
  readonly kind: 'key' | 'index';
  readonly value: string;
}

export type Aggregate = 'sum' | 'avg' | 'count' | 'max' | 'min';
export type JoinType = 'inner' | 'left';

export type SelectNode =
  | {
      readonly kind: 'field';
      /** `*` selects all columns. */
      readonly field: Field;
      readonly alias: string | undefined;
      readonly cast: string | undefined;
      readonly aggregate: Aggregate | undefined;
      readonly aggregateCast: string | undefined;
    }
  | {
      readonly kind: 'relation';
      readonly relation: string;
      readonly alias: string | undefined;
      readonly hint: string | undefined;
      readonly join: JoinType | undefined;
      readonly select: readonly SelectNode[];
    }
  | {
      readonly kind: 'spread';
      readonly relation: string;
      readonly hint: string | undefined;
      readonly join: JoinType | undefined;
      readonly select: readonly SelectNode[];
    };

export interface PathFilter extends Filter {
  readonly path: EmbedPath;
}

export interface Filter {
  readonly field: Field;
  /** Of the group that the condition is about (`having`). */
  readonly aggregate?: Aggregate;
  readonly negated: boolean;
  readonly operation: Operation;
}

/** Operators that take `(any)` and `(all)`. */
export type QuantOperator = 'eq' | 'gte' | 'gt' | 'lte' | 'lt' | 'like' | 'ilike' | 'match' | 'imatch';
export type SimpleOperator = 'neq' | 'cs' | 'cd' | 'ov' | 'sl' | 'sr' | 'nxr' | 'nxl' | 'adj';
export type FtsOperator = 'fts' | 'plfts' | 'phfts' | 'wfts';
export type IsValue = 'null' | 'not_null' | 'true' | 'false' | 'unknown';

/** The value means itself: a star is a star, and a list of one empty text has one text. */
export interface ExactValue {
  /** Type it is cast to where PostgreSQL cannot infer one (composites). */
  readonly type?: string;
  /** It comes from the path, not from a filter: an error in it is told accordingly. */
  readonly source?: 'id';
}

export type Operation =
  | { readonly kind: 'simple'; readonly operator: SimpleOperator; readonly value: string }
  | {
      readonly kind: 'quant';
      readonly operator: QuantOperator;
      readonly quantifier: 'any' | 'all' | undefined;
      readonly value: string;
      readonly exact?: ExactValue;
    }
  | { readonly kind: 'in'; readonly values: readonly string[]; readonly exact?: ExactValue }
  | { readonly kind: 'is'; readonly value: IsValue }
  | { readonly kind: 'isdistinct'; readonly value: string }
  | {
      readonly kind: 'fts';
      readonly operator: FtsOperator;
      readonly language: string | undefined;
      readonly value: string;
    };

export type LogicTree =
  | {
      readonly kind: 'logic';
      readonly negated: boolean;
      readonly operator: 'and' | 'or';
      readonly children: readonly LogicTree[];
    }
  | { readonly kind: 'filter'; readonly filter: Filter };

/** `relation` is set for `order=rel(column)`. */
export interface OrderTerm {
  readonly relation: string | undefined;
  readonly field: Field;
  readonly direction: 'asc' | 'desc' | undefined;
  readonly nulls: 'first' | 'last' | undefined;
}
