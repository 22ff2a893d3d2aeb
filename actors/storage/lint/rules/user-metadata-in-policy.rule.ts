import type { LintRule } from '../lint-rule.ts';

/** Users write their own `user_metadata`: a policy that trusts it trusts whoever asks. */
export const userMetadataInPolicyRule: LintRule = {
  id: 'policy-trusts-user-metadata',
  level: 'error',
  sql: `
    select format('%I.%I', n.nspname, c.relname) as object,
           format('policy %I reads user_metadata of the token, which users change themselves', p.polname) as detail,
           'use app_metadata, or a table that users cannot write' as fix
    from pg_policy p
    join pg_class c on c.oid = p.polrelid
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = any ($1::text[])
    where concat(pg_get_expr(p.polqual, p.polrelid), ' ', pg_get_expr(p.polwithcheck, p.polrelid)) ~ 'user_metadata'
    order by 1, 2`,
};
