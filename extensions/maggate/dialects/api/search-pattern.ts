/** The pattern for `ilike` that finds this text anywhere; `%`, `_` and `\` stand for themselves. */
export function searchPattern(text: string): string {
  return `%${text.replaceAll(/[\\%_]/g, '\\$&')}%`;
}
