/** An identifier as SQL text: always quoted, quotes doubled (documentation §4.1.1). */
export function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
