-- Tables and views outside the exposed schemas ($1), when they have a key or are views of the extra search path ($2):
-- relationships of what is exposed run through them. One row: the part's digest, its facts unless they are known ($3),
-- the trees of the views' queries.
with relations as materialized (
  select c.oid, c.relname, c.relkind, n.nspname, rule.oid as rule, rule.xmin as rule_version
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_rewrite rule
    on rule.ev_class = c.oid and rule.ev_type = '1' and c.relkind = any (array['v', 'm']::"char"[])
  where n.nspname <> all ($1::text[])
    and n.nspname <> all (array['pg_catalog', 'information_schema', 'pg_toast', 'mg_sys'])
    and not pg_is_other_temp_schema(n.oid) and n.oid <> pg_my_temp_schema()
    and not c.relispartition
    and (c.relkind = any (array['v', 'm']::"char"[]) and n.nspname = any ($2::text[])
      or c.relkind = any (array['r', 'p', 'f']::"char"[]) and c.oid in (
        select conrelid from pg_constraint where contype = any (array['p', 'u', 'f']::"char"[])
        union all
        select confrelid from pg_constraint where contype = 'f'))
),
facts as (
  select coalesce(json_agg(json_build_object(
    'id', r.oid::bigint,
    'schema', r.nspname,
    'name', r.relname,
    'isView', r.rule is not null,
    'rule', concat_ws(' ', r.rule, r.rule_version),
    'columns', (
      select coalesce(json_agg(json_build_object('position', a.attnum, 'name', a.attname) order by a.attnum), '[]'::json)
      from pg_attribute a
      where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped),
    'primaryKey', coalesce((
      select json_agg((
        select a.attname from pg_attribute a where a.attrelid = r.oid and a.attnum = k.attnum
      ) order by k.place)
      from pg_constraint p
      cross join lateral unnest(p.conkey) with ordinality k(attnum, place)
      where p.conrelid = r.oid and p.contype = 'p'), '[]'::json),
    'constraints', coalesce((
      select json_agg(json_build_object(
        'name', c.conname,
        'kind', case c.contype when 'p' then 'primary' when 'u' then 'unique' else 'foreign' end,
        'columns', (
          select json_agg((
            select a.attname from pg_attribute a where a.attrelid = r.oid and a.attnum = k.attnum
          ) order by k.place)
          from unnest(c.conkey) with ordinality k(attnum, place)),
        'references', case when c.contype = 'f' then (
          select json_build_object('schema', n.nspname, 'table', f.relname, 'columns', (
            select json_agg((
              select a.attname from pg_attribute a where a.attrelid = c.confrelid and a.attnum = k.attnum
            ) order by k.place)
            from unnest(c.confkey) with ordinality k(attnum, place)))
          from pg_class f
          join pg_namespace n on n.oid = f.relnamespace
          where f.oid = c.confrelid) end
      ) order by c.conname)
      from pg_constraint c
      where c.conrelid = r.oid and c.contype = any (array['p', 'u', 'f']::"char"[])
        and (c.contype <> 'f' or c.conparentid = 0::oid)), '[]'::json)
  ) order by r.oid), '[]'::json)::text as json
  from relations r
)
select 'hidden' as part, md5(json) as digest,
       case when md5(json) <> coalesce($3::jsonb ->> 'hidden', '') then json end as facts,
       case when md5(json) <> coalesce($3::jsonb ->> 'hidden', '') then (
         select json_object_agg(r.oid, w.ev_action::text)::text
         from relations r join pg_rewrite w on w.oid = r.rule) end as trees
from facts
