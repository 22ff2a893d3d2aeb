-- Everything MagGate needs to know of schema public, in one row of JSON. Run by the administrator, whose path is
-- pg_catalog alone: the project's owner could put a function or operator of the same name into public.
with relations as (
  select c.oid, c.relname, c.relkind, c.relrowsecurity, n.nspname,
         -- Asked of views and foreign tables only: it opens the relation, and so waits for whoever locked it. What it
         -- would say of the others is fixed: INSERT (8), UPDATE (4) and DELETE (16), or nothing.
         case when c.relkind = any (array['r', 'p']::"char"[]) then 28
              when c.relkind = 'm' then 0
              else pg_relation_is_updatable(c.oid, true) end as may
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  where n.nspname = 'public'
    and c.relkind = any (array['r', 'v', 'm', 'f', 'p']::"char"[])
    and not c.relispartition
    -- Tables of extensions (PostGIS' spatial_ref_sys) are not the project's.
    and not exists (
      select from pg_depend d
      where d.classid = 'pg_class'::regclass
        and d.objid = c.oid and d.deptype = 'e')
),
columns as (
  select a.attrelid,
         json_agg(json_build_object(
           'name', a.attname,
           'type', format_type(a.atttypid, a.atttypmod),
           'baseType', base.typname,
           'category', base.typcategory,
           'nullable', not (a.attnotnull or base.forbids_null),
           'hasDefault', a.atthasdef and a.attgenerated = '' or t.typdefault is not null,
           'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by-default' else 'none' end,
           'generated', a.attgenerated <> '',
           'enumValues', labels.list,
           'comment', col_description(a.attrelid, a.attnum)
         ) order by a.attnum) as list
  from pg_attribute a
  join relations r on r.oid = a.attrelid
  join pg_type t on t.oid = a.atttypid
  cross join lateral (
    with recursive under as (
      select t.oid, t.typname, t.typcategory, t.typtype, t.typbasetype, t.typnotnull as forbids_null
      union all
      select b.oid, b.typname, b.typcategory, b.typtype, b.typbasetype, under.forbids_null or b.typnotnull
      from under join pg_type b on b.oid = under.typbasetype
      where under.typtype = 'd'
    )
    select * from under where typtype <> 'd'
  ) base
  left join lateral (
    select json_agg(e.enumlabel order by e.enumsortorder) as list
    from pg_enum e where e.enumtypid = base.oid
  ) labels on true
  where a.attnum > 0 and not a.attisdropped
  group by a.attrelid
),
constraints as (
  select c.conrelid,
         json_agg(json_build_object(
           'name', c.conname,
           'kind', case c.contype when 'p' then 'primary' when 'u' then 'unique' when 'f' then 'foreign'
                                  when 'c' then 'check' else 'exclusion' end,
           'columns', coalesce((
             select json_agg(a.attname order by k.place)
             from unnest(c.conkey) with ordinality k(attnum, place)
             join pg_attribute a
               on a.attrelid = c.conrelid and a.attnum = k.attnum
           ), '[]'::json),
           'definition', pg_get_constraintdef(c.oid),
           'references', case when c.contype = 'f' then (
             select json_build_object('schema', n.nspname, 'table', f.relname, 'columns', (
               select json_agg(a.attname order by k.place)
               from unnest(c.confkey) with ordinality k(attnum, place)
               join pg_attribute a
                 on a.attrelid = c.confrelid and a.attnum = k.attnum))
             from pg_class f
             join pg_namespace n on n.oid = f.relnamespace
             where f.oid = c.confrelid
           ) end
         ) order by c.contype, c.conname) as list,
         max(c.oid) filter (where c.contype = 'p') as primary_oid
  from pg_constraint c
  join relations r on r.oid = c.conrelid
  where c.contype = any (array['p', 'u', 'f', 'c', 'x']::"char"[])
    -- What a foreign key to a partitioned table repeats for each partition.
    and (c.contype <> 'f' or c.conparentid = 0::oid)
  group by c.conrelid
)
select json_build_object(
  'version', (select count(*) from mg_sys.schema_changes),
  'tables', coalesce(json_agg(json_build_object(
    'schema', r.nspname,
    'name', r.relname,
    'kind', case r.relkind when 'r' then 'table' when 'v' then 'view' when 'm' then 'materialized-view'
                           when 'f' then 'foreign-table' else 'partitioned-table' end,
    'comment', obj_description(r.oid, 'pg_class'),
    'insertable', (r.may & 8) > 0,
    'updatable', (r.may & 4) > 0,
    'deletable', (r.may & 16) > 0,
    'rowSecurity', r.relrowsecurity,
    'primaryKey', coalesce((
      select json_agg(a.attname order by k.place)
      from pg_constraint p
      cross join lateral unnest(p.conkey) with ordinality k(attnum, place)
      join pg_attribute a
        on a.attrelid = p.conrelid and a.attnum = k.attnum
      where p.oid = constraints.primary_oid
    ), '[]'::json),
    'columns', coalesce(columns.list, '[]'::json),
    'constraints', coalesce(constraints.list, '[]'::json)
  ) order by r.relname), '[]'::json)
)::text as catalog
from relations r
left join columns on columns.attrelid = r.oid
left join constraints on constraints.conrelid = r.oid
