import type { BoundRow } from '../../../plan/bound-row.ts';
import type { ColumnPairs } from '../../../schema-cache/data-schema.ts';
import type { TableSchema } from '../../../schema-cache/table-schema.ts';

/**
 * What becomes of one object of a body. `link` looks for the row and changes nothing; `replace` is PUT, of the row in
 * the address only.
 */
export type NestedAction = 'insert' | 'update' | 'replace' | 'upsert' | 'delete' | 'link';

/** One object of a body with everything looked up, and the rows around it. */
export interface NestedRow {
  readonly table: TableSchema;
  /** `the body`, `items[2]`, `items[2].product`. */
  readonly place: string;
  readonly action: NestedAction;
  /** What the object says of its own columns; of rows that are looked for without the key. */
  readonly row: BoundRow;
  /** The key of a row that is looked for; empty for rows that are made. */
  readonly key: BoundRow;
  /** Rows that this one refers to; null: refers to none from now on. */
  readonly parents: readonly NestedParent[];
  /** Rows that refer to this one. */
  readonly children: readonly NestedChildren[];
}

export interface NestedParent {
  /** As the body has it. */
  readonly name: string;
  /** Column of the row → column of the parent. */
  readonly columns: ColumnPairs;
  readonly parent: NestedRow | null;
}

export interface NestedChildren {
  readonly name: string;
  /** Column of the row → column of the child, or of the junction. */
  readonly columns: ColumnPairs;
  /** The body has a list. */
  readonly many: boolean;
  readonly rows: readonly NestedRow[];
  /** Between many and many; `target` is column of the child → column of the junction. */
  readonly junction: { readonly table: TableSchema; readonly target: ColumnPairs } | undefined;
}
