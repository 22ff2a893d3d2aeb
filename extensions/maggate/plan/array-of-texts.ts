/** A PostgreSQL array literal of plain texts, each quoted, for `= any($1)`. */
export function arrayOfTexts(texts: readonly string[]): string {
  return `{${texts.map((text) => `"${text.replaceAll(/["\\]/g, '\\$&')}"`).join(',')}}`;
}
