/**
 * Common table expression `exposed`: tables and views of the exposed schemas that at least one role of requests has a
 * right on, with the roles and the rights. Extensions' own tables are not the project's.
 */
export const exposedRelations = `
  exposed as (
    select c.oid, c.relkind, c.relrowsecurity, c.reloptions, c.relowner,
           format('%I.%I', n.nspname, c.relname) as object, grants.roles, grants.rights
    from pg_class c
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = any ($1::text[])
    cross join lateral (
      select string_agg(distinct r.rolname, ', ' order by r.rolname) as roles,
             string_agg(distinct p.name, ', ' order by p.name) as rights
      from pg_roles r
      cross join unnest(array['select', 'insert', 'update', 'delete']) p (name)
      where r.rolname = any ($2::text[])
        and has_schema_privilege(r.oid, n.oid, 'usage')
        and (has_table_privilege(r.oid, c.oid, p.name)
             or p.name <> 'delete' and has_any_column_privilege(r.oid, c.oid, p.name))
    ) grants
    where c.relkind = any (array['r', 'p', 'v', 'm', 'f']::"char"[])
      and not c.relispartition
      and grants.roles is not null
      and not exists (
        select from pg_depend d
        where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  )`;
