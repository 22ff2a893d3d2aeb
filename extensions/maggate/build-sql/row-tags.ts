/** What a write has to do with the tag of its row. */
export interface RowTags {
  /** The row must have one of a list. */
  readonly match?: boolean;
  /** The answer has that of the row as it was written, as column `etag`. */
  readonly show?: boolean;
}
