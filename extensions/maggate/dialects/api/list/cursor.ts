/** A place in a list, before or after a row, and the list that it is of. */
export interface Cursor {
  readonly project: string;
  readonly table: string;
  /** The whole order as text: `name:desc,id`. */
  readonly sort: string;
  /** Digest of what decides which rows the list has. */
  readonly filters: string;
  /** Rows before the place are wanted, else those after it. */
  readonly backward: boolean;
  /** The row at the place is wanted as well. */
  readonly inclusive: boolean;
  /** Texts of its values in the order's columns; null for NULL. */
  readonly values: readonly (string | null)[];
}
