import { exposedRelations } from '../exposed-relations.ts';
import type { LintRule } from '../lint-rule.ts';

/** Rights that give nothing: nobody but secret keys sees a row. */
export const rowSecurityWithoutPolicyRule: LintRule = {
  id: 'row-security-without-policy',
  level: 'warning',
  sql: `with ${exposedRelations}
    select object,
           format('%s may %s, and no policy lets a row through', roles, rights) as detail,
           format('create policy … on %s for select to %s using (…), or take the grant away', object, roles) as fix
    from exposed where relkind = any (array['r', 'p']::"char"[]) and relrowsecurity
      and not exists (select from pg_policy p where p.polrelid = exposed.oid)
    order by object`,
};
