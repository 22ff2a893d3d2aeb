/**
 * Why PostgreSQL cannot hold this text, or undefined when it can. A lone surrogate would silently become
 * U+FFFD on its way, and text in PostgreSQL has no NUL.
 */
export function unstorable(text: string): string | undefined {
  if (text.includes('\0')) return 'has a NUL character, which PostgreSQL text cannot hold';
  if (!text.isWellFormed()) return 'has half of a surrogate pair, which is not valid Unicode';
  return undefined;
}
