import type { LintRule } from '../lint-rule.ts';

/** Policies that somebody wrote and that nothing asks. */
export const policyWithoutRowSecurityRule: LintRule = {
  id: 'policy-without-row-security',
  level: 'error',
  sql: `
    select format('%I.%I', n.nspname, c.relname) as object,
           format('%s policies are written and none is in force: row security is off', count(*)) as detail,
           format('alter table %I.%I enable row level security', n.nspname, c.relname) as fix
    from pg_policy p
    join pg_class c on c.oid = p.polrelid and not c.relrowsecurity
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = any ($1::text[])
    group by n.nspname, c.relname
    order by 1`,
};
