import type { Aggregate, JoinType, JsonStep, Operation, RowRange } from '../query/query-params.ts';
import type { QualifiedName, Relationship } from '../schema-cache/data-schema.ts';

/** A field with what is known of its type here. Types are empty where nobody needs them. */
export interface PlannedField {
  readonly name: string;
  readonly jsonPath: readonly JsonStep[];
  /** Wrap in to_json before a JSON path is taken: composites and arrays. */
  readonly toJson: boolean;
  /** Wrap in to_tsvector; the language, or null for the default configuration. Undefined: do not wrap. */
  readonly toTsVector: string | null | undefined;
  readonly type: string;
  /** Type behind domains. */
  readonly baseType: string;
  /** Function of a data representation, quoted and qualified. */
  readonly transform: string | undefined;
  /** Default expression, for `missing=default`. */
  readonly default: string | undefined;
  /** The whole row (`count()` in a spread). */
  readonly fullRow: boolean;
}

export type PlannedLogic =
  | {
      readonly kind: 'logic';
      readonly negated: boolean;
      readonly operator: 'and' | 'or';
      readonly children: readonly PlannedLogic[];
    }
  | {
      readonly kind: 'filter';
      readonly field: PlannedField;
      /** Of the group that the condition is about (`having`). */
      readonly aggregate?: Aggregate;
      readonly negated: boolean;
      readonly operation: Operation;
    }
  | { readonly kind: 'search'; readonly negated: false; readonly search: PlannedSearch }
  | {
      readonly kind: 'keyset';
      readonly negated: false;
      readonly terms: readonly KeysetTerm[];
      /** The row at the position belongs to what is found. */
      readonly inclusive: boolean;
    }
  /** `rel=is.null` (`negated` for not null) on an embedded relation, by its aggregate alias. */
  | { readonly kind: 'null-embed'; readonly negated: boolean; readonly alias: string };

/** Words to look for, in the syntax of search engines (`websearch_to_tsquery`). */
export interface PlannedSearch {
  readonly words: string;
  /** A column of type tsvector; without one the text of all columns is searched. */
  readonly vector: boolean;
  readonly columns: readonly string[];
}

/** One column of a position in an ordered list, and where the rows that follow it lie. */
export interface KeysetTerm {
  readonly order: PlannedOrder;
  /** Text of the value at the position; null for NULL. */
  readonly value: string | null;
  /** Type the value is cast to where PostgreSQL cannot infer one. */
  readonly type: string | undefined;
  /** Rows that follow have greater values, else smaller ones. */
  readonly ascending: boolean;
  /** NULLs come after all values. */
  readonly nullsAfter: boolean;
  readonly nullable: boolean;
}

export interface PlannedOrder {
  /** Alias of the embedded to-one relation the column belongs to. */
  readonly relation: string | undefined;
  readonly field: PlannedField;
  readonly direction: 'asc' | 'desc' | undefined;
  readonly nulls: 'first' | 'last' | undefined;
  /** By how well the row matches, instead of by the field. */
  readonly rank?: PlannedSearch;
  /** The field is a name of the select list (an aggregate), not a column. */
  readonly output?: boolean;
}

export interface PlannedSelect {
  readonly field: PlannedField;
  readonly aggregate: Aggregate | undefined;
  readonly aggregateCast: string | undefined;
  readonly cast: string | undefined;
  readonly alias: string | undefined;
}

/** What a parent shows of a relation below it. */
export type RelationSelect =
  | {
      readonly kind: 'json';
      readonly name: string;
      readonly alias: string;
      readonly mode: 'object' | 'array';
      /** `rel()`: joined, not shown. */
      readonly empty: boolean;
    }
  | {
      readonly kind: 'spread';
      readonly alias: string;
      readonly columns: readonly {
        readonly name: string;
        readonly aggregate: Aggregate | undefined;
        readonly aggregateCast: string | undefined;
        readonly alias: string | undefined;
      }[];
    };

/** How a spread relation is lifted: its columns, or arrays of them. */
export type SpreadKind =
  | { readonly kind: 'to-one' }
  | {
      readonly kind: 'to-many';
      readonly extraSelect: readonly { readonly alias: string | undefined; readonly select: PlannedSelect }[];
      readonly order: readonly PlannedOrder[];
    };

export interface JoinCondition {
  readonly left: { readonly table: QualifiedName; readonly column: string };
  readonly right: { readonly table: QualifiedName; readonly column: string };
}

/** One relation of the tree that is read, and the relations embedded in it. */
export interface ReadNode {
  readonly select: readonly PlannedSelect[];
  readonly from: QualifiedName;
  /** `table_depth`; undefined at the top. The scheme shows in PostgreSQL's error texts, which clients compare. */
  readonly fromAlias: string | undefined;
  readonly where: readonly PlannedLogic[];
  readonly order: readonly PlannedOrder[];
  readonly range: RowRange;
  readonly name: string;
  readonly relationship: Relationship | undefined;
  readonly joins: readonly JoinCondition[];
  readonly alias: string | undefined;
  /** `table_relation_depth`. */
  readonly aggregateAlias: string;
  readonly hint: string | undefined;
  readonly join: JoinType | undefined;
  readonly spread: SpreadKind | undefined;
  readonly relationSelect: readonly RelationSelect[];
  readonly depth: number;
  /** Filters reached it by the name it had before an alias: `Warning: 299`. */
  readonly legacyTargetName: boolean;
  readonly children: readonly ReadNode[];
  /** The next three are of the /api dialect. `rows`: no row twice; fields: the first row of each. */
  readonly distinct?: readonly PlannedField[] | 'rows';
  /** Rows are aggregated by these, whether they are shown or not. */
  readonly group?: readonly PlannedField[];
  readonly having?: readonly PlannedLogic[];
  /** Shown as texts besides, named `keyColumn(0)` and so on: the position of the row in the order. */
  readonly keys?: readonly PlannedOrder[];
}
