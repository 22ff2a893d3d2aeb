import { exposedRelations } from '../exposed-relations.ts';
import type { LintRule } from '../lint-rule.ts';

/** A table that strangers or users reach through the API, every row of it. */
export const tableWithoutRowSecurityRule: LintRule = {
  id: 'table-without-row-security',
  level: 'error',
  sql: `with ${exposedRelations}
    select object,
           format('%s may %s every row of it: row security is off', roles, rights) as detail,
           format('alter table %s enable row level security; then a policy says which rows they get', object) as fix
    from exposed where relkind = any (array['r', 'p']::"char"[]) and not relrowsecurity
      and not exists (select from pg_policy p where p.polrelid = exposed.oid)
    order by object`,
};
