import type { LintRule } from '../lint-rule.ts';

/** Functions that run as their owner and that a caller of the API may call. */
export const securityDefinerFunctionRule: LintRule = {
  id: 'function-runs-as-owner',
  level: 'error',
  sql: `
    select format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as object,
           format('%s may call it and it runs as its owner%s', string_agg(r.rolname, ', ' order by r.rolname),
             case when coalesce(p.proconfig::text, '') like '%search_path=%' then ''
                  else ', with the search path of the caller, who may put tables and functions of his own before others' end
           ) as detail,
           format('revoke execute on function %I.%I(%s) from public, %s; or alter function … security invoker; in any case alter function … set search_path = ''''',
             n.nspname, p.proname, pg_get_function_identity_arguments(p.oid),
             string_agg(r.rolname, ', ' order by r.rolname)) as fix
    from pg_proc p
    join pg_namespace n on n.oid = p.pronamespace and n.nspname = any ($1::text[])
    join pg_roles r on r.rolname = any ($2::text[]) and has_function_privilege(r.oid, p.oid, 'execute')
      and has_schema_privilege(r.oid, n.oid, 'usage')
    where p.prosecdef
      and p.prorettype <> all (array['trigger', 'event_trigger']::regtype[])
      and not exists (
        select from pg_depend d
        where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
    group by n.nspname, p.proname, p.oid, p.proconfig
    order by 1`,
};
