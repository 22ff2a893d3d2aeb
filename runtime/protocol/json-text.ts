/**
 * Parsed JSON that loses nothing: every value keeps the slice of source text it came from, so
 * 9007199254740993 stays what the caller wrote. Keys of an object are unique (duplicates are refused).
 */
export type JsonText =
  | { readonly kind: 'null' | 'true' | 'false' | 'number'; readonly source: string }
  | { readonly kind: 'string'; readonly source: string; readonly value: string }
  | { readonly kind: 'array'; readonly source: string; readonly items: readonly JsonText[] }
  | { readonly kind: 'object'; readonly source: string; readonly entries: ReadonlyMap<string, JsonText> };
