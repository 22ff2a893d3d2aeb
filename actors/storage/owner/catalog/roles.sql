-- Roles that the authenticator ($1) is a member of, by whatever way, with the settings that it may make itself: those
-- of this database before the general ones. `audits` says whether a write of the role may leave its audit row.
with recursive members as (
  select m.roleid from pg_auth_members m join pg_roles r on r.oid = m.member where r.rolname = $1::text
  union
  select m.roleid from members join pg_auth_members m on m.member = members.roleid
)
select r.rolname as name,
       has_function_privilege(r.oid, 'mg_sys.append_outbox(uuid,text,text)', 'execute')
         and has_function_privilege(r.oid, 'mg_sys.keep_answer(bytea,bytea,integer,json)', 'execute')
         and has_schema_privilege(r.oid, 'mg_sys', 'usage') as audits,
       coalesce((
         select json_agg(json_build_array(s.name, s.value) order by s.name)
         from (
           select distinct on (k.name) k.name, k.value
           from pg_db_role_setting d
           cross join lateral unnest(d.setconfig) c(text)
           cross join lateral (
             select substr(c.text, 1, strpos(c.text, '=') - 1) as name, substr(c.text, strpos(c.text, '=') + 1) as value
           ) k
           join pg_settings p on p.name = k.name and p.context = 'user'
           where d.setrole = r.oid
             and d.setdatabase in (0::oid, (select oid from pg_database where datname = current_database()))
           order by k.name, d.setdatabase desc
         ) s
       ), '[]'::json) as settings
from members
join pg_roles r on r.oid = members.roleid
order by r.rolname
