/**
 * A text constant as SQL. Used for names out of the catalogue only; values are always bound. The `E` form is
 * right whatever `standard_conforming_strings` says.
 */
export function quoteLiteral(text: string): string {
  const doubled = text.replaceAll("'", "''");
  return doubled.includes('\\') ? ` E'${doubled.replaceAll('\\', '\\\\')}'` : `'${doubled}'`;
}
