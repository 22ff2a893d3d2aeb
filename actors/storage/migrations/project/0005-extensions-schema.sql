-- UP
-- Where dumps of Supabase put extensions of PostgreSQL. The project's owner creates in it (rights that depend on the
-- owner are given when the project is made); requests use what is there. A project that has such a schema keeps its own.
do $body$
begin
  if to_regnamespace('extensions') is null then
    create schema extensions;
    grant usage on schema extensions to anon, authenticated, service_role;
  end if;
end
$body$;

-- DOWN
-- What the project made itself, or put into it, stays.
do $body$
begin
  if exists (select from pg_namespace where nspname = 'extensions' and nspowner = current_user::regrole) then
    drop schema extensions restrict;
  end if;
exception when dependent_objects_still_exist then
  raise notice 'schema extensions is not empty and stays';
end
$body$;
