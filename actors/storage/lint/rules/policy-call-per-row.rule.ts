import type { LintRule } from '../lint-rule.ts';

/**
 * `auth.uid()` in a policy is called for each row; `(select auth.uid())` once. PostgreSQL prints a sub-select as
 * `( SELECT auth.uid() AS uid)`, so what is left of the calls when those are taken out is called per row.
 */
export const policyCallPerRowRule: LintRule = {
  id: 'policy-calls-per-row',
  level: 'performance',
  sql: `
    select format('%I.%I', n.nspname, c.relname) as object,
           format('policy %I calls %s for each row', p.polname, (regexp_match(outside.text, called.pattern))[1]) as detail,
           'put the call into a sub-select: (select auth.uid())' as fix
    from pg_policy p
    join pg_class c on c.oid = p.polrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = any ($1::text[])
    cross join (values ('(auth\\.(?:uid|role|jwt|email)\\(\\)|current_setting\\([^)]*\\))')) called (pattern)
    cross join lateral (
      select regexp_replace(
        concat(pg_get_expr(p.polqual, p.polrelid), ' ', pg_get_expr(p.polwithcheck, p.polrelid)),
        '\\( SELECT [^;]*?(auth\\.(uid|role|jwt|email)\\(\\)|current_setting\\([^)]*\\))', '', 'g') as text
    ) outside
    where outside.text ~ called.pattern
    order by 1, 2`,
};
