import type { ClientBase } from 'pg';
import type { GrantableTable } from './wanted-grants.ts';

/**
 * The tables and views of `public` that an extension can be let into: not those of PostgreSQL extensions, and not
 * partitions, which are reached through their table.
 * @param client a connection of the administrator, whose path is `pg_catalog`
 */
export async function readGrantableTables(client: ClientBase): Promise<readonly GrantableTable[]> {
  const { rows } = await client.query<GrantableTable>(
    `select c.relname::text as name, c.relkind::text as kind,
       array(select a.attname::text from pg_attribute a
             where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
       coalesce((select json_agg(json_build_object('schema', n.nspname, 'name', s.relname))
         from pg_depend d join pg_class s on s.oid = d.objid and s.relkind = 'S'
              join pg_namespace n on n.oid = s.relnamespace
         where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass
           and d.refobjid = c.oid and d.deptype = 'a'), '[]'::json) as sequences
     from pg_class c
     where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'v', 'm', 'f', 'p')
       and not c.relispartition
       and not exists (select from pg_depend d
         where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
     order by c.relname`,
  );
  return rows;
}
