/**
 * How a value travels into a column of this kind:
 * `text` and `plain` as text that the type's own input function reads, `json` as the slice of source text,
 * `array` as an array literal (or a record when it holds objects), `composite` as a record.
 */
export type ValueKind = 'text' | 'plain' | 'boolean' | 'json' | 'array' | 'composite';

/** A column as planning sees it. */
export interface ColumnSchema {
  readonly name: string;
  /** Position in the table, counted from 0. */
  readonly index: number;
  /** As `format_type` prints it. */
  readonly type: string;
  /** Type behind domains: `int4`, `_text`. */
  readonly baseType: string;
  readonly kind: ValueKind;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
  /** SQL text of the default. */
  readonly default: string | null;
  /** Of character and bit types with a length. */
  readonly maxLength: number | null;
  /** Undefined when values may be written; otherwise why not, in words for the user. */
  readonly readOnly: string | undefined;
  readonly enumValues: readonly string[] | null;
  readonly comment: string | null;
}
