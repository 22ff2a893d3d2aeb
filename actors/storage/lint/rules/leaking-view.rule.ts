import { exposedRelations } from '../exposed-relations.ts';
import type { LintRule } from '../lint-rule.ts';

/**
 * A view runs with the rights of its owner unless it says `security_invoker`: the row security of the tables below it
 * asks the owner, whom it does not bind.
 */
export const leakingViewRule: LintRule = {
  id: 'view-runs-as-owner',
  level: 'error',
  sql: `with ${exposedRelations}
    select object,
           format('%s may read it, and it shows rows of %s as its owner sees them, past their row security', roles,
             string_agg(distinct format('%I.%I', tn.nspname, t.relname), ', ')) as detail,
           format('alter view %s set (security_invoker = true)', object) as fix
    from exposed
    join pg_rewrite w on w.ev_class = exposed.oid
    join pg_depend d on d.classid = 'pg_rewrite'::regclass and d.objid = w.oid and d.refclassid = 'pg_class'::regclass
      and d.refobjid <> exposed.oid
    join pg_class t on t.oid = d.refobjid and t.relrowsecurity
    join pg_namespace tn on tn.oid = t.relnamespace
    where exposed.relkind = 'v'
      and not coalesce((select option_value::boolean from pg_options_to_table(exposed.reloptions)
                        where option_name = 'security_invoker'), false)
    group by object, roles
    order by object`,
};
