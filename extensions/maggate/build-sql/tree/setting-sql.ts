/** A setting of this transaction; null when it was never set, and when another transaction left it empty. */
export function settingSql(name: string): string {
  return `nullif(pg_catalog.current_setting('${name}', true), '')`;
}
