/** What the `Prefer` headers say (RFC 7240); the first occurrence of a preference wins. */
export interface Preferences {
  readonly resolution: 'merge-duplicates' | 'ignore-duplicates' | undefined;
  readonly return: 'minimal' | 'headers-only' | 'representation' | undefined;
  readonly count: 'exact' | 'planned' | 'estimated' | undefined;
  readonly transaction: 'commit' | 'rollback' | undefined;
  readonly missing: 'default' | 'null' | undefined;
  readonly handling: 'strict' | 'lenient' | undefined;
  readonly timezone: string | undefined;
  readonly maxAffected: number | undefined;
  /** As written, for `handling=strict`. */
  readonly invalid: readonly string[];
}
