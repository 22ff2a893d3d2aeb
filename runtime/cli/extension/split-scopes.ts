/** Scopes separated by commas; those between the parentheses of `orders(id,total)` do not separate. */
export function splitScopes(text: string): readonly string[] {
  return text
    .split(/,(?![^()]*\))/)
    .map((scope) => scope.trim())
    .filter((scope) => scope !== '');
}
