-- $1: schemas. As the administrator, with pg_catalog as the only path.
with exposed as (
  select n.oid, n.nspname from pg_namespace n where n.nspname = any($1::text[])
),
relation as (
  select c.*, e.nspname from pg_class c join exposed e on e.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'v', 'm', 'f')
),
keys as (
  select k.conrelid, k.conname, k.contype, k.confrelid,
    (select json_agg(a.attname order by x.n) from unnest(k.conkey) with ordinality x(num, n)
       join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.num) as columns,
    (select json_agg(a.attname order by x.n) from unnest(k.confkey) with ordinality x(num, n)
       join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.num) as referenced,
    exists (
      select from pg_constraint u where u.conrelid = k.conrelid and u.contype in ('p', 'u')
        and u.conkey <@ k.conkey
    ) as one
  from pg_constraint k
  where k.contype = 'f' and k.conparentid = 0
)
select json_build_object(
  'relations', coalesce((
    select json_agg(json_build_object(
      'schema', r.nspname, 'name', r.relname, 'type', r.reltype::bigint, 'view', r.relkind in ('v', 'm'),
      'insertable', pg_relation_is_updatable(r.oid, true) & 8 = 8,
      'updatable', pg_relation_is_updatable(r.oid, true) & 4 = 4,
      'columns', coalesce((
        select json_agg(json_build_object(
          'name', a.attname, 'type', a.atttypid::bigint,
          'nullable', not (a.attnotnull or (t.typtype = 'd' and t.typnotnull)),
          'optional', a.atthasdef or a.attidentity <> '' or (t.typtype = 'd' and t.typdefault is not null),
          'readOnly', a.attidentity = 'a' or a.attgenerated <> ''
            or (r.relkind = 'v' and not pg_column_is_updatable(r.oid, a.attnum, true))
        ) order by a.attname collate "C")
        from pg_attribute a join pg_type t on t.oid = a.atttypid
        where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped
      ), '[]'),
      'relationships', coalesce((
        select json_agg(json_build_object(
          'name', k.conname, 'columns', k.columns, 'oneToOne', k.one,
          'schema', f.nspname, 'relation', f.relname, 'referencedColumns', k.referenced
        ) order by k.conname collate "C")
        from keys k join relation f on f.oid = k.confrelid
        where k.conrelid = r.oid
      ), '[]')
    ) order by r.nspname collate "C", r.relname collate "C")
    from relation r
  ), '[]'),
  'routines', coalesce((
    select json_agg(json_build_object(
      'schema', e.nspname, 'name', p.proname, 'returns', p.prorettype::bigint, 'set', p.proretset,
      'one', not p.proretset or p.prorows = 1,
      'parameters', coalesce((
        select json_agg(json_build_object(
          'name', coalesce(p.proargnames[x.n], ''), 'type', x.type::bigint,
          'optional', x.position > p.pronargs - p.pronargdefaults or x.mode = 'v'
        ) order by x.n)
        from (
          select y.*, row_number() over (order by y.n) as position
          from (
            select u.type, u.n, coalesce(p.proargmodes[u.n], 'i') as mode
            from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality u(type, n)
          ) y
          where y.mode in ('i', 'b', 'v')
        ) x
      ), '[]'),
      'columns', coalesce((
        select json_agg(json_build_object('name', p.proargnames[u.n], 'type', u.type::bigint) order by u.n)
        from unnest(p.proallargtypes) with ordinality u(type, n)
        where p.proargmodes[u.n] in ('o', 'b', 't')
      ), '[]')
    ) order by e.nspname collate "C", p.proname collate "C", p.oid)
    from pg_proc p
    join exposed e on e.oid = p.pronamespace
    join pg_type t on t.oid = p.prorettype
    where p.prokind = 'f' and t.typname not in ('trigger', 'event_trigger', 'internal', 'language_handler',
      'fdw_handler', 'index_am_handler', 'tsm_handler', 'table_am_handler')
      and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e')
  ), '[]'),
  'types', (
    select json_agg(json_build_object(
      'id', t.oid::bigint, 'schema', n.nspname, 'name', t.typname,
      'kind', case when t.typtype = 'e' then 'enum' when t.typtype = 'd' then 'domain'
                   when t.typtype = 'c' then 'composite' when t.typcategory = 'A' then 'array' else 'base' end,
      'of', case when t.typtype = 'd' then t.typbasetype::bigint
                 when t.typcategory = 'A' and t.typelem <> 0 then t.typelem::bigint end,
      'values', (select json_agg(v.enumlabel order by v.enumsortorder) from pg_enum v where v.enumtypid = t.oid),
      'columns', case when c.relkind = 'c' then coalesce((
        select json_agg(json_build_object('name', a.attname, 'type', a.atttypid::bigint)
          order by a.attname collate "C")
        from pg_attribute a where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
      ), '[]') end
    ) order by n.nspname collate "C", t.typname collate "C")
    from pg_type t
    join pg_namespace n on n.oid = t.typnamespace
    left join pg_class c on c.oid = t.typrelid
    where n.nspname not in ('pg_toast', 'information_schema')
  )
) as shape
