-- Functions of the exposed schemas ($1), functions that stand for relationships, casts of domains and handlers of
-- media types, a row each: digest, and facts unless they are known ($3). $2 is the authenticator of the project: a
-- cast that it may not use is left out.
with recursive domains as (
  select t.oid, t.typbasetype as base from pg_type t where t.typtype = 'd'
  union all
  select d.oid, b.typbasetype from domains d join pg_type b on b.oid = d.base where b.typtype = 'd'
),
bases as materialized (
  select d.oid, d.base from domains d join pg_type b on b.oid = d.base where b.typtype <> 'd'
),
functions as materialized (
  select p.*, n.nspname
  from pg_proc p
  join pg_namespace n on n.oid = p.pronamespace
  where n.nspname = any ($1::text[])
),
arguments as materialized (
  select p.oid,
         json_agg(json_build_object(
           'name', coalesce(a.name, ''),
           'type', a.type::regtype,
           -- These take values up to their largest length only when none is given.
           'typeMaxLength', case a.type
             when 'bit'::regtype then 'bit varying'
             when 'bit[]'::regtype then 'bit varying[]'
             when 'character'::regtype then 'character varying'
             when 'character[]'::regtype then 'character varying[]'
             else a.type::regtype::text end,
           'required', a.place <= p.pronargs - p.pronargdefaults,
           'variadic', coalesce(a.mode = 'v', false)
         ) order by a.place) as list,
         -- Arguments go by name; one alone may do without when a body can be it.
         case count(*) - count(a.name)
           when 0 then true
           when 1 then bool_and(a.type = any (array['bytea', 'json', 'jsonb', 'text', 'xml']::regtype[]::oid[]))
           else false end as callable
  from functions p
  -- With results among the parameters, names and modes count them and proargtypes does not.
  cross join lateral (
    select name, type, mode, row_number() over (order by nr) as place
    from unnest(p.proargnames, coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargmodes)
      with ordinality as u(name, type, mode, nr)
    where coalesce(mode, 'i') = any (array['i', 'b', 'v']::"char"[])
  ) a
  group by p.oid
),
row_types as materialized (
  select reltype as oid from pg_class where relkind = any (array['r', 'v', 'm', 'f', 'p']::"char"[])
),
media_types as (
  select t.oid, t.typname, n.nspname
  from pg_type t
  join pg_namespace n on n.oid = t.typnamespace
  where t.typtype = 'd' and (t.typname ~* '^[a-z0-9.-]+/[a-z0-9.+-]+$' or t.typname = '*/*')
),
parts as (
  select 'routines' as part, (
    select json_agg(json_build_object(
      'schema', p.nspname,
      'name', p.proname,
      'comment', obj_description(p.oid, 'pg_proc'),
      'parameters', coalesce(a.list, '[]'::json),
      'returns', json_build_object(
        'setOf', p.proretset,
        'composite', t.typtype = 'c' or coalesce(p.proargmodes && array['t', 'b', 'o']::"char"[], false),
        'isAlias', b.oid is not null,
        'schema', tn.nspname,
        'name', coalesce(rel.relname, t.typname)),
      'volatility', case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end,
      'variadic', p.provariadic <> 0::oid,
      'settings', coalesce((
        select json_agg(json_build_array(
          substr(setting, 1, strpos(setting, '=') - 1), substr(setting, strpos(setting, '=') + 1)))
        from unnest(p.proconfig) setting), '[]'::json)
    ) order by p.oid)
    from functions p
    left join arguments a on a.oid = p.oid
    left join bases b on b.oid = p.prorettype
    join pg_type t on t.oid = coalesce(b.base, p.prorettype)
    join pg_namespace tn on tn.oid = t.typnamespace
    left join pg_class rel on rel.oid = t.typrelid
    where p.prokind = 'f' and t.oid <> 'trigger'::regtype and t.oid <> 'event_trigger'::regtype
      and coalesce(a.callable, true)
  ) as facts
  union all
  select 'computedRelationships', (
    select json_agg(json_build_object(
      'schema', p.nspname,
      'name', p.proname,
      'table', json_build_object('schema', an.nspname, 'name', a.typname),
      'foreignTable', json_build_object('schema', rn.nspname, 'name', r.typname),
      'toOne', not p.proretset or p.prorows = 1
    ) order by p.oid)
    from functions p
    join pg_type a on a.oid = p.proargtypes[0]
    join pg_namespace an on an.oid = a.typnamespace
    join pg_type r on r.oid = p.prorettype
    join pg_namespace rn on rn.oid = r.typnamespace
    where p.pronargs = 1 and p.prokind = 'f'
      and a.oid in (select oid from row_types) and r.oid in (select oid from row_types)
  )
  union all
  select 'representations', (
    select json_agg(json_build_object(
      'source', c.castsource::regtype, 'target', c.casttarget::regtype, 'function', c.castfunc::regproc
    ) order by c.oid)
    from pg_cast c
    join pg_type s on s.oid = c.castsource
    join pg_type t on t.oid = c.casttarget
    where c.castcontext = 'i' and c.castmethod = 'f'
      and has_function_privilege($2::text::name, c.castfunc, 'execute')
      and (s.typtype = 'd' and t.oid = any (array['json', 'text']::regtype[])
        or t.typtype = 'd' and s.oid = any (array['json', 'text']::regtype[]))
  )
  union all
  select 'mediaHandlers', (
    select json_agg(json_build_object(
      'schema', h.schema, 'name', h.name, 'target', h.target, 'mediaType', lower(h.type),
      'resolvedMediaType', case h.type when '*/*' then 'application/octet-stream' else h.type end
    ) order by h.schema, h.name, h.type, h.oid)
    from (
      -- An aggregate over rows.
      select p.oid, p.nspname as schema, p.proname as name, m.typname as type,
             case when a.oid <> 'anyelement'::regtype
                  then json_build_object('schema', an.nspname, 'name', a.typname) end as target
      from media_types m
      join functions p on p.prorettype = m.oid and p.prokind = 'a'
      join pg_type a on a.oid = p.proargtypes[0]
      join pg_namespace an on an.oid = a.typnamespace
      where p.pronargs = 1 and (a.oid = 'anyelement'::regtype or a.oid in (select oid from row_types))
      union all
      -- A function: the domain it answers is the handler.
      select p.oid, m.nspname, m.typname, m.typname,
             json_build_object('schema', p.nspname, 'name', p.proname)
      from media_types m
      join functions p on p.prorettype = m.oid and p.prokind = 'f' and not p.proretset
    ) h
  )
  union all
  select 'schemas', (
    select json_agg(json_build_object(
      'name', n.nspname, 'comment', obj_description(n.oid, 'pg_namespace')) order by n.nspname)
    from pg_namespace n where n.nspname = any ($1::text[])
  )
)
select part, digest, case when digest <> coalesce($3::jsonb ->> part, '') then json end as facts
from (
  select part, coalesce(facts, '[]'::json)::text as json, md5(coalesce(facts, '[]'::json)::text) as digest
  from parts
) p
