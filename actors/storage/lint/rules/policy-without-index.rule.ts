import type { LintRule } from '../lint-rule.ts';

/** A policy compares columns and no index begins with any of them: every request reads the whole table. */
export const policyWithoutIndexRule: LintRule = {
  id: 'policy-without-index',
  level: 'performance',
  sql: `
    select format('%I.%I', n.nspname, c.relname) as object,
           format('policy %I looks at %s, and no index begins with one of them', p.polname, used.names) as detail,
           format('create index on %I.%I (%s)', n.nspname, c.relname, used.first) as fix
    from pg_policy p
    join pg_class c on c.oid = p.polrelid and c.relkind = any (array['r', 'p']::"char"[])
    join pg_namespace n on n.oid = c.relnamespace and n.nspname = any ($1::text[])
    cross join lateral (
      select string_agg(distinct quote_ident(a.attname), ', ') as names, min(quote_ident(a.attname)) as first,
             array_agg(a.attnum) as numbers
      from pg_depend d
      join pg_attribute a on a.attrelid = c.oid and a.attnum = d.refobjsubid
      where d.classid = 'pg_policy'::regclass and d.objid = p.oid
        and d.refclassid = 'pg_class'::regclass and d.refobjid = c.oid and d.refobjsubid > 0
    ) used
    where used.names is not null and p.polqual is not null
      and not exists (
        select from pg_index i where i.indrelid = c.oid and i.indisvalid and i.indkey[0] = any (used.numbers))
    order by 1, 2`,
};
