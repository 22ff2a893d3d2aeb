import type { LintRule } from '../lint-rule.ts';

/** A policy for writes whose condition is `true` for strangers. */
export const openWritePolicyRule: LintRule = {
  id: 'policy-lets-everybody-write',
  level: 'warning',
  sql: `
    select format('%I.%I', n.nspname, c.relname) as object,
           format('policy %I lets %s %s any row', p.polname, roles.names,
             case p.polcmd when 'a' then 'insert' when 'w' then 'update' when 'd' then 'delete' else 'write' end) as detail,
           format('alter policy %I on %I.%I with a condition such as user_id = (select auth.uid())',
             p.polname, n.nspname, c.relname) as fix
    from pg_policy p
    join pg_class c on c.oid = p.polrelid and c.relrowsecurity
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = any ($1::text[])
    cross join lateral (
      select string_agg(r.rolname, ', ' order by r.rolname) as names from pg_roles r
      where r.rolname = any ($2::text[]) and (p.polroles = '{0}' or r.oid = any (p.polroles))
        and has_table_privilege(r.oid, c.oid, 'insert, update, delete')
    ) roles
    where p.polpermissive and p.polcmd <> 'r' and roles.names is not null
      and (pg_get_expr(p.polwithcheck, p.polrelid) = 'true'
           or p.polwithcheck is null and pg_get_expr(p.polqual, p.polrelid) = 'true')
    order by 1, 2`,
};
