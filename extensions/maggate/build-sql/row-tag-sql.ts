/**
 * What tells versions of a row apart: a digest of all its columns, so that it does not depend on what an answer shows.
 * Needs the right to read every column.
 * @param source alias of the row
 */
export function rowTagSql(source: string): string {
  const bytes = `pg_catalog.convert_to((${source}.*)::text, 'UTF8')`;
  return `pg_catalog."left"(pg_catalog.encode(pg_catalog.sha256(${bytes}), 'base64'), 22)`;
}
