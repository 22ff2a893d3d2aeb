import type { DataApiSettings } from '../../sdk/index.ts';

/** A name with its schema. */
export interface QualifiedName {
  readonly schema: string;
  readonly name: string;
}

/**
 * Everything the data dialects plan with, of all exposed schemas of a project. Replaced as a whole, never changed;
 * parts that did not change are shared with the one before. Keys of the maps: `schema\0name` (see `nameKey`).
 */
export interface DataSchema {
  readonly project: string;
  readonly version: number;
  readonly settings: DataApiSettings;
  /** `server_version_num`. */
  readonly serverVersion: number;
  readonly tables: ReadonlyMap<string, DataTable>;
  /** By table and the schema of the foreign table: `schema\0name\0foreignSchema`. */
  readonly relationships: ReadonlyMap<string, readonly Relationship[]>;
  /** All overloads of a name, fewest parameters first. */
  readonly routines: ReadonlyMap<string, readonly Routine[]>;
  /** Casts of domains that the project gave functions for: `source\0target` (type names) → function, quoted and qualified. */
  readonly representations: ReadonlyMap<string, string>;
  /** `schema\0name\0media type` of a relation, or `\0\0media type` for any → its handler. */
  readonly mediaHandlers: ReadonlyMap<string, MediaHandlerFunction>;
  /** `ALTER ROLE … SET`: settings by role, and its isolation level. */
  readonly roleSettings: ReadonlyMap<string, readonly (readonly [name: string, value: string])[]>;
  /** Comment on each exposed schema. */
  readonly schemaComments: ReadonlyMap<string, string | null>;
}

export interface DataTable extends QualifiedName {
  readonly comment: string | null;
  readonly isView: boolean;
  readonly insertable: boolean;
  readonly updatable: boolean;
  readonly deletable: boolean;
  readonly rowSecurity: boolean;
  /**
   * Primary key, sorted by name as PostgREST has it; of a view, the keys of the tables whose columns it shows, each in
   * key order.
   */
  readonly primaryKey: readonly string[];
  /** In order of the table. */
  readonly columns: ReadonlyMap<string, DataColumn>;
}

export interface DataColumn {
  readonly name: string;
  readonly comment: string | null;
  readonly nullable: boolean;
  /** Without a length, and of a domain over a type of PostgreSQL that type: `character varying`. */
  readonly type: string;
  /** The declared type as `format_type` prints it: `character varying(160)`, `public.percent`. */
  readonly nominalType: string;
  readonly maxLength: number | null;
  /** Default expression as SQL text; for identity columns the call of nextval. */
  readonly default: string | null;
  /** Generated or `GENERATED ALWAYS AS IDENTITY`: cannot be written. */
  readonly generated: boolean;
  /** Identity column that only the database fills. */
  readonly identityAlways: boolean;
  readonly enumValues: readonly string[];
}

/** Pairs of a column here and the column there. */
export type ColumnPairs = readonly (readonly [string, string])[];

export type Cardinality =
  | { readonly kind: 'one-to-many'; readonly constraint: string; readonly columns: ColumnPairs }
  | { readonly kind: 'many-to-one'; readonly constraint: string; readonly columns: ColumnPairs }
  | {
      readonly kind: 'one-to-one';
      readonly constraint: string;
      readonly columns: ColumnPairs;
      /** True on the side that is referenced. */
      readonly isParent: boolean;
    }
  | {
      readonly kind: 'many-to-many';
      readonly junction: QualifiedName;
      readonly constraint1: string;
      readonly constraint2: string;
      /** Source column → junction column. */
      readonly source: ColumnPairs;
      /** Target column → junction column. */
      readonly target: ColumnPairs;
    };

export type Relationship =
  | {
      readonly kind: 'foreign-key';
      readonly table: QualifiedName;
      readonly foreignTable: QualifiedName;
      readonly isSelf: boolean;
      readonly cardinality: Cardinality;
      readonly tableIsView: boolean;
      readonly foreignTableIsView: boolean;
    }
  | {
      readonly kind: 'computed';
      readonly function: QualifiedName;
      readonly table: QualifiedName;
      readonly foreignTable: QualifiedName;
      /** The row type that the function takes, when it is another name of the table; else the table. */
      readonly tableAlias: QualifiedName;
      readonly toOne: boolean;
      readonly isSelf: boolean;
    };

export interface Routine extends QualifiedName {
  readonly comment: string | null;
  readonly parameters: readonly RoutineParameter[];
  readonly returns: ReturnType;
  readonly volatility: 'volatile' | 'stable' | 'immutable';
  readonly hasVariadic: boolean;
  /** `SET default_transaction_isolation` of the function. */
  readonly isolation: string | null;
  /** `SET` clauses that are hoisted to the transaction (setting dbHoistedTxSettings). */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

export interface RoutineParameter {
  /** Empty for an unnamed one. */
  readonly name: string;
  readonly type: string;
  /** Type with its largest length: `character varying`. */
  readonly typeMaxLength: string;
  readonly required: boolean;
  readonly variadic: boolean;
}

export interface ReturnType {
  readonly setOf: boolean;
  readonly kind: 'scalar' | 'composite';
  readonly type: QualifiedName;
  /** A composite behind a domain. */
  readonly isAlias: boolean;
}

/** An aggregate over rows, or a function over a scalar, that makes another media type. */
export interface MediaHandlerFunction {
  readonly function: QualifiedName;
  /** The relation it belongs to; null for any. */
  readonly relation: QualifiedName | null;
  /** What the answer says; differs from the key for a handler of every type. */
  readonly mediaType: string;
}
