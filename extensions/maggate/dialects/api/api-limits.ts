/** How many rows a list answers with. */
export interface ApiLimits {
  /** Without `limit`. */
  readonly defaultLimit: number;
  /** The largest `limit` a request may ask for. */
  readonly maxLimit: number;
}
