import type { TableSchema } from '../../../schema-cache/table-schema.ts';

/** What a statement has of one object, or of several alike: the name of its part, and what is shown around it. */
export interface WrittenRow {
  readonly table: TableSchema;
  /** Of the part that returns its rows; undefined for rows that are gone. */
  readonly part: string | undefined;
  readonly parents: readonly { readonly name: string; readonly row: WrittenRow | null }[];
  readonly children: readonly {
    readonly name: string;
    readonly many: boolean;
    readonly rows: readonly WrittenRow[];
  }[];
}
