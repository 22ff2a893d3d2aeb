import type { ColumnSchema } from '../schema-cache/column-schema.ts';

/** Where the value of a parameter comes from; an error in it is told accordingly. */
export type ParameterSource = 'filter' | 'search' | 'offset' | 'id' | 'body' | 'if-match';

export interface Parameter {
  readonly source: ParameterSource;
  /** The column it feeds or is compared with; null for those that belong to none. */
  readonly column: ColumnSchema | null;
}

/** A finished statement: its text, and what each of its parameters is. Values come with the request. */
export interface Statement {
  readonly text: string;
  readonly parameters: readonly Parameter[];
}
