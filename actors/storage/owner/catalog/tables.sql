-- Tables and views of the exposed schemas ($1), a row each: its facts as JSON, unless the asker has them with the same
-- digest ($2, by part). The digest is made of the versions (xmin) of all rows of the catalogue that the facts are made
-- of, which takes a fraction of the time that making them does. A row that was rewritten with the same content makes
-- another digest; the other way round must not happen.
-- Run by the administrator, whose path is pg_catalog alone: the project's owner could put a function or operator of
-- the same name into a schema of his own. Nothing here may open a relation, since that waits for whoever locked it.
with recursive locked as materialized (
  select l.relation
  from pg_locks l
  where l.locktype = 'relation' and l.mode = 'AccessExclusiveLock' and l.pid <> pg_backend_pid()
    and l.database = (select oid from pg_database where datname = current_database())
),
relations as materialized (
  select c.oid, c.relname, c.relkind, c.relrowsecurity, c.xmin as version, n.nspname,
         rule.oid as rule, rule.xmin as rule_version,
         -- Asked of views and foreign tables only: it opens the relation, and so waits for whoever locked it. What it
         -- would say of the others is fixed: INSERT (8), UPDATE (4) and DELETE (16), or nothing.
         case when c.relkind = any (array['r', 'p']::"char"[]) then 28
              when c.relkind = 'm' then 0
              else pg_relation_is_updatable(c.oid, true) end as may,
         c.oid in (select relation from locked) as is_locked
  from pg_class c
  join pg_namespace n on n.oid = c.relnamespace
  left join pg_rewrite rule
    on rule.ev_class = c.oid and rule.ev_type = '1' and c.relkind = any (array['v', 'm']::"char"[])
  where n.nspname = any ($1::text[])
    and c.relkind = any (array['r', 'v', 'm', 'f', 'p']::"char"[])
    and not c.relispartition
    -- Tables of extensions (PostGIS' spatial_ref_sys) are not the project's.
    and not exists (
      select from pg_depend d
      where d.classid = 'pg_class'::regclass
        and d.objid = c.oid and d.deptype = 'e')
),
-- What is used everywhere: a change of it makes every digest another.
shared as (
  select md5(concat_ws(':',
    (select string_agg(oid::text || '.' || xmin::text, ',' order by oid) from pg_namespace),
    (select string_agg(oid::text || '.' || xmin::text, ',' order by oid) from pg_enum where oid >= 16384),
    (select string_agg(oid::text || '.' || xmin::text, ',' order by oid) from pg_type
     where typtype = any (array['d', 'e']::"char"[]) and oid >= 16384))) as stamp
),
-- Of all relations: foreign keys name columns of others.
column_stamps as materialized (
  select a.attrelid, bit_xor(hashtextextended(
           a.attnum::text || '.' || a.xmin::text || coalesce('.' || t.oid || '.' || t.xmin::text, ''), 0)) as stamp
  from pg_attribute a
  left join pg_type t on t.oid = a.atttypid and a.atttypid >= 16384::oid
  where a.attrelid >= 16384::oid and a.attnum > 0
  group by a.attrelid
),
constraint_stamps as materialized (
  select c.conrelid, bit_xor(hashtextextended(concat_ws('.', c.oid, c.xmin, f.oid, f.xmin, k.stamp), 0)) as stamp
  from pg_constraint c
  left join pg_class f on f.oid = c.confrelid
  left join column_stamps k on k.attrelid = c.confrelid
  where c.conrelid >= 16384::oid
  group by c.conrelid
),
-- Defaults and checks, with the sequences, functions and types whose names are in their text.
expressions as (
  select 'pg_attrdef'::regclass as class, d.oid, d.xmin as version, d.adrelid as relation from pg_attrdef d
  union all
  select 'pg_constraint'::regclass, c.oid, c.xmin, c.conrelid
  from pg_constraint c where c.contype = any (array['c', 'x']::"char"[]) and c.conrelid >= 16384::oid
),
expression_stamps as materialized (
  select e.relation, bit_xor(hashtextextended(
           concat_ws('.', e.oid, e.version, d.refobjid, d.refobjsubid, c.xmin, p.xmin, t.xmin), 0)) as stamp
  from expressions e
  left join pg_depend d on d.classid = e.class and d.objid = e.oid
    and d.refclassid = any (array['pg_class', 'pg_proc', 'pg_type']::regclass[])
  left join pg_class c on d.refclassid = 'pg_class'::regclass and c.oid = d.refobjid
  left join pg_proc p on d.refclassid = 'pg_proc'::regclass and p.oid = d.refobjid
  left join pg_type t on d.refclassid = 'pg_type'::regclass and t.oid = d.refobjid
  group by e.relation
),
identity_stamps as materialized (
  select d.refobjid as relation, bit_xor(hashtextextended(concat_ws('.', s.oid, s.xmin), 0)) as stamp
  from pg_depend d
  join pg_class s on s.oid = d.objid and s.relkind = 'S'
  where d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype = 'i'
  group by d.refobjid
),
comment_stamps as materialized (
  select objoid, bit_xor(hashtextextended(concat_ws('.', objsubid, xmin), 0)) as stamp
  from pg_description
  where classoid = 'pg_class'::regclass and objoid >= 16384::oid
  group by objoid
),
digests as materialized (
  select r.oid, r.nspname, r.relname, 't' || r.oid as part, md5(concat_ws(' ', shared.stamp, r.oid, r.version, r.rule, r.rule_version, r.may, r.is_locked,
           'c', c.stamp, 'k', k.stamp, 'e', e.stamp, 'i', i.stamp, 'd', d.stamp)) as digest
  from relations r
  cross join shared
  left join column_stamps c on c.attrelid = r.oid
  left join constraint_stamps k on k.conrelid = r.oid
  left join expression_stamps e on e.relation = r.oid
  left join identity_stamps i on i.relation = r.oid
  left join comment_stamps d on d.objoid = r.oid
),
wanted as materialized (
  select r.*
  from relations r join digests g on g.oid = r.oid
  where g.digest <> coalesce($2::jsonb ->> g.part, '')
),
domains as (
  select t.oid, t.typbasetype as base, t.typnotnull as forbids_null
  from pg_type t where t.typtype = 'd'
  union all
  select d.oid, b.typbasetype, d.forbids_null or b.typnotnull
  from domains d join pg_type b on b.oid = d.base
  where b.typtype = 'd'
),
bases as materialized (
  select d.oid, d.base, d.forbids_null
  from domains d join pg_type b on b.oid = d.base
  where b.typtype <> 'd'
),
labels as materialized (
  select enumtypid, json_agg(enumlabel order by enumsortorder) as list
  from pg_enum group by enumtypid
),
columns as materialized (
  select a.attrelid,
         json_agg(json_build_object(
           'position', a.attnum,
           'name', a.attname,
           'type', format_type(a.atttypid, a.atttypmod),
           'dataType', case
             when t.typtype = 'd' and base.typnamespace = 'pg_catalog'::regnamespace then format_type(base.oid, null)
             when t.typtype <> 'd' and t.typnamespace = 'pg_catalog'::regnamespace then format_type(t.oid, null)
             else format_type(a.atttypid, a.atttypmod) end,
           'baseType', base.typname,
           'category', base.typcategory,
           'maxLength', case
             when length.of < 0 then null
             when base.oid = any (array['bpchar', 'varchar']::regtype[]) then length.of - 4
             when base.oid = any (array['bit', 'varbit']::regtype[]) then length.of end,
           'nullable', not (a.attnotnull or coalesce(b.forbids_null, false)),
           'hasDefault', a.atthasdef and a.attgenerated = '' or t.typdefault is not null,
           -- Told no table, pg_get_expr locks none; defaults name no columns, and generated columns are not asked.
           'default', case
             when a.attgenerated <> '' then null
             when a.attidentity = 'd' then (
               select format('nextval(%L)', s.objid::regclass)
               from pg_depend s
               where s.refclassid = 'pg_class'::regclass and s.refobjid = a.attrelid
                 and s.refobjsubid = a.attnum and s.classid = 'pg_class'::regclass and s.deptype = 'i')
             when a.atthasdef then (
               select pg_get_expr(d.adbin, 0) from pg_attrdef d where d.adrelid = a.attrelid and d.adnum = a.attnum)
             when t.typtype = 'd' then pg_get_expr(t.typdefaultbin, 0) end,
           'identity', case a.attidentity when 'a' then 'always' when 'd' then 'by-default' else 'none' end,
           'generated', a.attgenerated <> '',
           'enumValues', labels.list,
           'comment', comment.description
         ) order by a.attnum) as list
  from pg_attribute a
  join wanted r on r.oid = a.attrelid
  join pg_type t on t.oid = a.atttypid
  left join bases b on b.oid = a.atttypid
  join pg_type base on base.oid = coalesce(b.base, a.atttypid)
  cross join lateral (select case when t.typtype = 'd' then t.typtypmod else a.atttypmod end as of) length
  left join labels on labels.enumtypid = base.oid
  left join pg_description comment
    on comment.classoid = 'pg_class'::regclass and comment.objoid = a.attrelid and comment.objsubid = a.attnum
  where a.attnum > 0 and not a.attisdropped
  group by a.attrelid
),
constraints as materialized (
  select c.conrelid,
         json_agg(json_build_object(
           'name', c.conname,
           'kind', case c.contype when 'p' then 'primary' when 'u' then 'unique' when 'f' then 'foreign'
                                  when 'c' then 'check' else 'exclusion' end,
           -- One look into the index for each name: a join reads every column of the table.
           'columns', coalesce((
             select json_agg((
               select a.attname from pg_attribute a where a.attrelid = c.conrelid and a.attnum = k.attnum
             ) order by k.place)
             from unnest(c.conkey) with ordinality k(attnum, place)
           ), '[]'::json),
           -- Only checks are shown to anybody. It opens the table: of one that is locked there is none until later.
           'definition', case when c.contype = 'c' and not r.is_locked then pg_get_constraintdef(c.oid) end,
           'references', case when c.contype = 'f' then (
             select json_build_object('schema', n.nspname, 'table', f.relname, 'columns', (
               select json_agg((
                 select a.attname from pg_attribute a where a.attrelid = c.confrelid and a.attnum = k.attnum
               ) order by k.place)
               from unnest(c.confkey) with ordinality k(attnum, place)))
             from pg_class f
             join pg_namespace n on n.oid = f.relnamespace
             where f.oid = c.confrelid
           ) end
         ) order by c.contype, c.conname) as list,
         max(c.oid) filter (where c.contype = 'p') as primary_oid
  from pg_constraint c
  join wanted r on r.oid = c.conrelid
  where c.contype = any (array['p', 'u', 'f', 'c', 'x']::"char"[])
    -- What a foreign key to a partitioned table repeats for each partition.
    and (c.contype <> 'f' or c.conparentid = 0::oid)
  group by c.conrelid
),
facts as materialized (
  select r.oid, r.rule, json_build_object(
           'id', r.oid::bigint,
           'schema', r.nspname,
           'name', r.relname,
           'kind', case r.relkind when 'r' then 'table' when 'v' then 'view' when 'm' then 'materialized-view'
                                  when 'f' then 'foreign-table' else 'partitioned-table' end,
           'comment', comment.description,
           'insertable', (r.may & 8) > 0,
           'updatable', (r.may & 4) > 0,
           'deletable', (r.may & 16) > 0,
           'rowSecurity', r.relrowsecurity,
           'primaryKey', coalesce((
             select json_agg((
               select a.attname from pg_attribute a where a.attrelid = r.oid and a.attnum = k.attnum
             ) order by k.place)
             from pg_constraint p
             cross join lateral unnest(p.conkey) with ordinality k(attnum, place)
             where p.oid = constraints.primary_oid
           ), '[]'::json),
           'columns', coalesce(columns.list, '[]'::json),
           'constraints', coalesce(constraints.list, '[]'::json)
         )::text as json
  from wanted r
  left join columns on columns.attrelid = r.oid
  left join constraints on constraints.conrelid = r.oid
  left join pg_description comment
    on comment.classoid = 'pg_class'::regclass and comment.objoid = r.oid and comment.objsubid = 0
)
select g.part, g.digest, f.json as facts,
       -- The tree of a view's query is large.
       (select w.ev_action::text from pg_rewrite w where w.oid = f.rule) as tree
from digests g
left join facts f on f.oid = g.oid
order by g.nspname, g.relname
