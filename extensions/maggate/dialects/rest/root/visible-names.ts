import type { Routine } from '../../../schema-cache/data-schema.ts';

/**
 * One row with the tables and functions of a schema that the caller's role has a right on. Answered by the database
 * in the request's own transaction, so that the gateway need not know the role. Functions that differ only in the
 * types of their parameters are told as one, and only when the role may call each.
 */
export const visibleNamesSql = `with ns as (
  select oid from pg_catalog.pg_namespace
  where nspname = $1 and pg_catalog.has_schema_privilege(oid, 'usage')
)
select pg_catalog.json_build_object(
  'tables', coalesce((
    select pg_catalog.json_agg(c.relname) from pg_catalog.pg_class as c join ns on ns.oid = c.relnamespace
    where c.relkind in ('v', 'r', 'm', 'f', 'p') and not c.relispartition and (
      pg_catalog.pg_has_role(c.relowner, 'usage')
      or pg_catalog.has_table_privilege(c.oid, 'select, insert, update, delete, truncate, references, trigger')
      or pg_catalog.has_any_column_privilege(c.oid, 'select, insert, update, references')
    )
  ), '[]'),
  'routines', coalesce((
    select pg_catalog.json_agg(pg_catalog.json_build_array(f.proname, f.names)) from (
      select p.proname, a.names from pg_catalog.pg_proc as p join ns on ns.oid = p.pronamespace
      cross join lateral (
        select coalesce(pg_catalog.array_agg(coalesce(p.proargnames[i], '') order by i), '{}') as names
        from pg_catalog.generate_series(
          1, greatest(p.pronargs, coalesce(pg_catalog.array_length(p.proargmodes, 1), 0))
        ) as i
        where p.proargmodes is null or p.proargmodes[i] in ('i', 'b', 'v')
      ) as a
      where p.prokind = 'f'
      group by p.proname, a.names
      having pg_catalog.bool_and(pg_catalog.has_function_privilege(p.oid, 'execute'))
    ) as f
  ), '[]')
)::text as body, 1::bigint as rows`;

/** What a role may see of a schema. */
export interface VisibleNames {
  table(name: string): boolean;
  routine(routine: Routine): boolean;
}

/** Reads the answer of `visibleNamesSql`. */
export function readVisibleNames(body: string | null): VisibleNames {
  const seen = JSON.parse(body ?? '{"tables":[],"routines":[]}') as {
    readonly tables: readonly string[];
    readonly routines: readonly (readonly [name: string, parameters: readonly string[]])[];
  };
  const tables = new Set(seen.tables);
  const routines = new Set(seen.routines.map(([name, parameters]) => routineKey(name, parameters)));
  return {
    table: (name) => tables.has(name),
    routine: ({ name, parameters }) =>
      routines.has(
        routineKey(
          name,
          parameters.map((one) => one.name),
        ),
      ),
  };
}

function routineKey(name: string, parameters: readonly string[]): string {
  return [name, ...parameters].join('\0');
}
