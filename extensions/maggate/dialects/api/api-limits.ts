/** How many rows a list answers with. */
export interface ApiLimits {
  /** Without `limit`. */
  readonly defaultLimit: number;
  /** The largest `limit` a request may ask for. */
  readonly maxLimit: number;
  /** Set when `maxLimit` is a limit of the caller's role or key. */
  readonly rows?: number | undefined;
  /** Levels of relations below the table that `fields` may name. */
  readonly depth?: number | undefined;
}
