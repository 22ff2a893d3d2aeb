/**
 * A json value read by PostgreSQL as a type: its input function sees the value as JSON prints it, arrays, composites and
 * domains included.
 * @param json SQL of type json
 * @param type out of the catalogue
 */
export function typedSql(json: string, type: string): string {
  const document = `pg_catalog.json_build_object('v', ${json})`;
  return `(select x.v from pg_catalog.json_to_record(${document}) as x(v ${type}))`;
}
