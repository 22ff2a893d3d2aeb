/** What a statement is about, as its parse tree tells. Structured-cloneable. */
export interface StatementFacts {
  /** Why no extension may run it, whatever it was granted; null when nothing is in the way. */
  readonly refusal: string | null;
  /** `select`, `insert`, `update`, `delete` or `merge`; of a SELECT that writes in a WITH, what it writes. */
  readonly action: string;
  /** It changes rows, at the top or in a WITH. */
  readonly writes: boolean;
  /** It locks rows: FOR UPDATE, FOR SHARE. */
  readonly locks: boolean;
  /** Tables it names, names of its own WITH left out. A schema it does not name is null. */
  readonly tables: readonly {
    readonly schema: string | null;
    readonly name: string;
    readonly written: boolean;
  }[];
  /** Schemas of the functions, types and operators it names in full, pg_catalog left out. */
  readonly schemas: readonly string[];
}
