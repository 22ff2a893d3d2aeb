/** Where a value comes from: `{"$ref": "order.id"}`. */
export interface Reference {
  /** As the caller wrote it. */
  readonly text: string;
  /** Number of the operation. */
  readonly step: number;
  /** Which of its rows, counted from 0; `*` for the values of all rows. */
  readonly row: number | '*';
  /** Undefined for what a function gave as a whole. */
  readonly column: string | undefined;
  /** Keys and positions inside a JSON value. */
  readonly path: readonly string[];
}
