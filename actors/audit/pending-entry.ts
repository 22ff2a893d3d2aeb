/** An entry that has its id and its text, but no place in the chain yet. */
export interface PendingEntry {
  readonly id: string;
  readonly kind: string;
  /** Canonical JSON text. */
  readonly entry: string;
}
