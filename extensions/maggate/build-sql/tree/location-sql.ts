import { quoteLiteral } from '../quote-literal.ts';

/**
 * The key of the one row that was inserted, as JSON: `[["id","eq.1"],…]`, in the order of the row; null when there
 * is not one row, or no key. What goes into a URL is encoded by who writes the header.
 */
export function locationSql(primaryKey: readonly string[]): string {
  if (primaryKey.length === 0) return 'null::text';
  const row = 'SELECT pg_catalog.row_to_json(_) AS row FROM pgrst_source AS _ LIMIT 1';
  const pair = `pg_catalog.json_build_array(pair.key, coalesce('eq.' || pair.value, 'is.null'))`;
  const pairs =
    `SELECT pg_catalog.json_agg(${pair})::text FROM (${row}) data ` +
    'CROSS JOIN pg_catalog.json_each_text(data.row) AS pair ' +
    `WHERE pair.key IN (${primaryKey.map(quoteLiteral).join(', ')})`;
  return `CASE WHEN pg_catalog.count(_postgrest_t) = 1 THEN (${pairs}) END`;
}
