const names =
  "(SELECT coalesce(pg_catalog.string_agg(a.k, ','), '') FROM (" +
  'SELECT pg_catalog.json_object_keys(r)::text AS k FROM (' +
  'SELECT pg_catalog.row_to_json(hh) AS r FROM pgrst_source AS hh LIMIT 1) s) a)';

const text = '_postgrest_t::text';

/**
 * CSV: the names of the columns, then each row as PostgreSQL writes a row value, without its parentheses. The names
 * come out of the first row, so there are none without rows.
 */
export const csvSql =
  `${names} || '\n' || ` +
  `coalesce(pg_catalog.string_agg(pg_catalog.substr(${text}, 2, pg_catalog.length(${text}) - 2), '\n'), '')`;
