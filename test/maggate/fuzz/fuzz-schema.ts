/** Types of columns that the fuzz knows values and operators of. */
export type Kind =
  | 'int'
  | 'bigint'
  | 'numeric'
  | 'text'
  | 'bool'
  | 'date'
  | 'timestamptz'
  | 'uuid'
  | 'jsonb'
  | 'ints'
  | 'texts'
  | 'range'
  | 'enum'
  | 'domain';

export interface FuzzColumn {
  readonly name: string;
  readonly kind: Kind;
}

export interface FuzzForeignKey {
  readonly name: string;
  readonly columns: readonly string[];
  readonly target: string;
  readonly targetColumns: readonly string[];
  readonly unique: boolean;
}

/** Which rows a role sees and writes. */
export type Policy = 'all' | 'own' | 'some' | 'none';

export interface FuzzGrants {
  readonly select: readonly string[] | 'all' | 'none';
  readonly insert: readonly string[] | 'all' | 'none';
  readonly update: readonly string[] | 'all' | 'none';
  readonly delete: boolean;
}

export interface FuzzTable {
  readonly name: string;
  /** The table a view shows; undefined for tables. */
  readonly base?: string | undefined;
  readonly invoker?: boolean;
  readonly columns: readonly FuzzColumn[];
  readonly key: readonly string[];
  readonly foreignKeys: readonly FuzzForeignKey[];
  /** Without row security everybody sees all rows that the grants allow. */
  readonly rowSecurity: boolean;
  readonly policies: Readonly<Record<string, Policy>>;
  readonly grants: Readonly<Record<string, FuzzGrants>>;
  /** Roles that may call the function `rows_of_<name>`, undefined without such a function. */
  readonly function?: { readonly name: string; readonly roles: readonly string[] } | undefined;
  /** SQL literals. */
  readonly rows: readonly (readonly string[])[];
}

export interface FuzzSchema {
  readonly tables: readonly FuzzTable[];
}

/** A way from the rows of one table to those of another. */
export interface FuzzRelation {
  readonly from: FuzzTable;
  readonly to: FuzzTable;
  readonly toOne: boolean;
  /** Name to embed by, with its hint. */
  readonly target: string;
  readonly hint: string | undefined;
  /** Columns of `from` (or of the junction's first key) and of `to`. */
  readonly pairs: readonly (readonly [from: string, to: string])[];
  readonly junction?:
    | {
        readonly table: FuzzTable;
        readonly source: readonly (readonly [from: string, junction: string])[];
        readonly target: readonly (readonly [junction: string, to: string])[];
      }
    | undefined;
}
