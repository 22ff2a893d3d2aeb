/**
 * One structure that gives an injection away. Data only: the pattern is read once when the machine starts.
 * Patterns speak of token classes (`tokens/token-class.ts`), never of words of a known payload.
 */
export interface Signature {
  /** Stable: stands in incidents, in the audit trail and in the operator's exceptions. */
  readonly name: string;
  /** 0 to 1 in a parameter, path segment or header. */
  readonly score: number;
  /** 0 to 1 in a string of a body; 0 where the structure is as honest there as any SQL tutorial. */
  readonly body: number;
  /** See `automaton/parse-pattern.ts`. */
  readonly pattern: string;
  /** One line for the operator who asks why. */
  readonly why: string;
}
