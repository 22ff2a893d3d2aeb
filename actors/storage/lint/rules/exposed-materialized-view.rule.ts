import { exposedRelations } from '../exposed-relations.ts';
import type { LintRule } from '../lint-rule.ts';

/** Row security cannot be set on it, and it was filled with the owner's eyes. */
export const exposedMaterializedViewRule: LintRule = {
  id: 'materialized-view-exposed',
  level: 'warning',
  sql: `with ${exposedRelations}
    select object,
           format('%s may read every row of it: a materialized view has no row security', roles) as detail,
           format('revoke all on %s from %s, or show it through a function', object, roles) as fix
    from exposed where relkind = 'm' order by object`,
};
