import type { DataApiSettings } from './data-api-settings.ts';

/** The catalogue of a project as MagGate reads it, straight from pg_catalog. */
export interface Catalog {
  readonly project: string;
  /** Grows with every DDL change of the project. */
  readonly version: number;
  /** `server_version_num`. */
  readonly serverVersion: number;
  /** Settings of the project's data API, defaults filled in. */
  readonly settings: DataApiSettings;
  /** Tables and views of the exposed schemas. */
  readonly tables: readonly CatalogTable[];
  /** What keys of other tables say: relationships run through them, but nobody asks for them. */
  readonly hidden: readonly CatalogHiddenTable[];
  /** Functions of the exposed schemas. */
  readonly routines: readonly CatalogRoutine[];
  readonly computedRelationships: readonly CatalogComputedRelationship[];
  readonly representations: readonly CatalogRepresentation[];
  readonly mediaHandlers: readonly CatalogMediaHandler[];
  /** Roles that requests may run as: those the authenticator is a member of. */
  readonly roles: readonly CatalogRole[];
  readonly schemas: readonly { readonly name: string; readonly comment: string | null }[];
  /** Digest of each part, to ask with the next time: `t<oid>` for a table, else the name of the member above. */
  readonly digests: Readonly<Record<string, string>>;
  /** Parts left out because the asker has them with this digest. Empty in a complete catalogue. */
  readonly unchanged: readonly string[];
}

export interface CatalogRequest {
  readonly project: string;
  /** `digests` of the catalogue the asker has; only what differs is answered. */
  readonly known?: Readonly<Record<string, string>>;
}

export interface CatalogTable {
  /** Its oid. */
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'table' | 'view' | 'materialized-view' | 'foreign-table' | 'partitioned-table';
  readonly comment: string | null;
  readonly insertable: boolean;
  readonly updatable: boolean;
  readonly deletable: boolean;
  readonly rowSecurity: boolean;
  /** Columns of the primary key in key order; empty when there is none. */
  readonly primaryKey: readonly string[];
  readonly columns: readonly CatalogColumn[];
  readonly constraints: readonly CatalogConstraint[];
  /** Of a view: columns that show a column of a table or of another view unchanged. */
  readonly sources: readonly CatalogSource[];
}

/** A column of a view and where its values come from, one step back. Positions are those of pg_attribute. */
export interface CatalogSource {
  readonly position: number;
  readonly table: number;
  readonly source: number;
}

export interface CatalogColumn {
  /** As pg_attribute counts: dropped columns leave gaps. */
  readonly position: number;
  readonly name: string;
  /** As `format_type` prints it: `character varying(160)`, `integer[]`, `public.mood`. */
  readonly type: string;
  /** Without a length, and of a domain over a type of PostgreSQL that type: `character varying`. */
  readonly dataType: string;
  /** Base type name behind domains, for JSON decisions: `int4`, `json`, `text`, `_text` … */
  readonly baseType: string;
  readonly category: string;
  /** Of character and bit types with a length. */
  readonly maxLength: number | null;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** SQL text of the default; the call of nextval for an identity that may be overridden. */
  readonly default: string | null;
  /** `always` and `generated` columns cannot be written. */
  readonly identity: 'none' | 'by-default' | 'always';
  readonly generated: boolean;
  readonly enumValues: readonly string[] | null;
  readonly comment: string | null;
}

export interface CatalogConstraint {
  readonly name: string;
  readonly kind: 'primary' | 'unique' | 'foreign' | 'check' | 'exclusion';
  readonly columns: readonly string[];
  /** Of a check: its SQL text; null while another session holds the table locked. */
  readonly definition: string | null;
  readonly references: CatalogReference | null;
}

export interface CatalogReference {
  readonly schema: string;
  readonly table: string;
  readonly columns: readonly string[];
}

/** A table or view outside the exposed schemas that has keys, or that a view may stand on. */
export interface CatalogHiddenTable {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly isView: boolean;
  readonly primaryKey: readonly string[];
  readonly columns: readonly { readonly position: number; readonly name: string }[];
  readonly constraints: readonly Omit<CatalogConstraint, 'definition'>[];
  readonly sources: readonly CatalogSource[];
}

export interface CatalogRoutine {
  readonly schema: string;
  readonly name: string;
  readonly comment: string | null;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: string;
    readonly typeMaxLength: string;
    readonly required: boolean;
    readonly variadic: boolean;
  }[];
  readonly returns: {
    readonly setOf: boolean;
    readonly composite: boolean;
    /** It is a domain over a composite type. */
    readonly isAlias: boolean;
    readonly schema: string;
    readonly name: string;
  };
  readonly volatility: 'volatile' | 'stable' | 'immutable';
  readonly variadic: boolean;
  /** Its `SET` clauses. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}

/** A function that takes a row of one table and answers rows of another. */
export interface CatalogComputedRelationship {
  readonly schema: string;
  readonly name: string;
  readonly table: { readonly schema: string; readonly name: string };
  readonly foreignTable: { readonly schema: string; readonly name: string };
  readonly toOne: boolean;
}

/** An implicit cast with a function from or to a domain. */
export interface CatalogRepresentation {
  readonly source: string;
  readonly target: string;
  /** Qualified and quoted. */
  readonly function: string;
}

/** An aggregate, or a domain that a function answers, with the name of a media type. */
export interface CatalogMediaHandler {
  readonly schema: string;
  readonly name: string;
  /** What it takes: a relation, a function, or null for rows of any relation. */
  readonly target: { readonly schema: string; readonly name: string } | null;
  /** In lower case. */
  readonly mediaType: string;
  readonly resolvedMediaType: string;
}

export interface CatalogRole {
  readonly name: string;
  /** Settings of the role that the authenticator may make, those of this database before the general ones. */
  readonly settings: readonly (readonly [name: string, value: string])[];
}
