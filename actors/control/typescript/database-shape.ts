/** What types are written from: the schemas of a project as `read-database-shape.sql` answers them. */
export interface DatabaseShape {
  readonly relations: readonly RelationShape[];
  readonly routines: readonly RoutineShape[];
  /** Enums, composite types, domains, arrays and ranges, by oid; of all schemas. */
  readonly types: readonly TypeShape[];
}

export interface RelationShape {
  readonly schema: string;
  readonly name: string;
  /** Type of its rows. */
  readonly type: number;
  readonly view: boolean;
  readonly insertable: boolean;
  readonly updatable: boolean;
  readonly columns: readonly {
    readonly name: string;
    readonly type: number;
    readonly nullable: boolean;
    readonly optional: boolean;
    /** Generated, an identity that is always made, or of a view and not of one column. */
    readonly readOnly: boolean;
  }[];
  readonly relationships: readonly RelationshipShape[];
}

export interface RelationshipShape {
  readonly name: string;
  readonly columns: readonly string[];
  readonly oneToOne: boolean;
  readonly schema: string;
  readonly relation: string;
  readonly referencedColumns: readonly string[];
}

export interface RoutineShape {
  readonly schema: string;
  readonly name: string;
  readonly parameters: readonly {
    readonly name: string;
    readonly type: number;
    readonly optional: boolean;
  }[];
  readonly returns: number;
  readonly set: boolean;
  /** `ROWS 1`, or no set. */
  readonly one: boolean;
  /** Of `returns table (…)` and out parameters. */
  readonly columns: readonly { readonly name: string; readonly type: number }[];
}

export interface TypeShape {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly kind: 'base' | 'enum' | 'composite' | 'domain' | 'array';
  /** Of an array its element, of a domain its base. */
  readonly of: number | null;
  readonly values: readonly string[] | null;
  /** Of a composite type that stands alone. */
  readonly columns: readonly { readonly name: string; readonly type: number }[] | null;
}
