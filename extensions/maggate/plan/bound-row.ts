import type { ColumnSchema } from '../schema-cache/column-schema.ts';
import type { BoundValue } from './bound-value.ts';

/** A row of a body: its columns and what goes into them, in table order. */
export type BoundRow = readonly { readonly column: ColumnSchema; readonly value: BoundValue }[];
