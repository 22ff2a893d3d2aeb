import type { ClientBase } from 'pg';
import type { Grant } from './grant.ts';

/**
 * Everything a login was granted in the database of the connection, whoever granted it. What it owns and what PUBLIC
 * may do is not in it.
 * @param client a connection of the administrator, whose path is `pg_catalog`
 */
export async function readGrants(client: ClientBase, role: string): Promise<readonly Grant[]> {
  const { rows } = await client.query<Grant>(
    `with me as (select oid from pg_roles where rolname = $1)
     select case c.relkind when 'S' then 'sequence' else 'table' end as kind, n.nspname::text as schema,
            c.relname::text as name, null::text as column, a.privilege_type as privilege, null::text as maker
     from me, pg_class c join pg_namespace n on n.oid = c.relnamespace, aclexplode(c.relacl) a
     where a.grantee = me.oid and c.relowner <> me.oid
     union all
     select 'table', n.nspname, c.relname, t.attname, a.privilege_type, null
     from me, pg_attribute t join pg_class c on c.oid = t.attrelid join pg_namespace n on n.oid = c.relnamespace,
          aclexplode(t.attacl) a
     where a.grantee = me.oid and c.relowner <> me.oid and not t.attisdropped
     union all
     select 'schema', n.nspname, n.nspname, null, a.privilege_type, null
     from me, pg_namespace n, aclexplode(n.nspacl) a
     where a.grantee = me.oid and n.nspowner <> me.oid
     union all
     select 'function', n.nspname, p.oid::regprocedure::text, null, a.privilege_type, null
     from me, pg_proc p join pg_namespace n on n.oid = p.pronamespace, aclexplode(p.proacl) a
     where a.grantee = me.oid and p.proowner <> me.oid
     union all
     select 'default', coalesce(n.nspname, ''), case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences'
              when 'f' then 'functions' when 'T' then 'types' else 'schemas' end, null, a.privilege_type, r.rolname
     from me, pg_default_acl d join pg_roles r on r.oid = d.defaclrole
          left join pg_namespace n on n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a
     where a.grantee = me.oid and d.defaclrole <> me.oid`,
    [role],
  );
  return rows;
}
