/** One row of the error catalogue. */
export interface ErrorDefinition {
  /** Short stable title (RFC 9457 `title`). */
  readonly title: string;
  /** HTTP status this error has on the wire; 500 where it never reaches it. */
  readonly status: number;
  /** `user`: the caller did something wrong. `system`: we did, or something outside broke. */
  readonly blame: 'user' | 'system';
  readonly retryable: boolean;
  /** What it means and how to solve it; the text of `magflock explain CODE`. */
  readonly help: string;
}
