/** A value ready to be bound: its text (null for SQL NULL) and how the statement must take it. */
export interface BoundValue {
  readonly text: string | null;
  readonly mode: 'value' | 'record';
}
