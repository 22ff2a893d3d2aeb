-- UP
-- What policies ask who is calling, named as clients of Supabase know it. Schema and functions belong to the
-- administrator: nobody who may write tables or policies can change what they answer. A body after RETURN is parsed
-- here and now, so that no search path of a caller can give its names another meaning, and is inlined all the same.
-- A project that made a schema or functions of these names before keeps its own.
do $body$
begin
  if to_regnamespace('auth') is null then
    create schema auth;
    grant usage on schema auth to public;
  end if;
  if to_regprocedure('auth.jwt()') is null then
    create function auth.jwt() returns jsonb language sql stable parallel safe
      return nullif(current_setting('request.jwt.claims', true), '')::jsonb;
    comment on function auth.jwt() is 'Claims of the caller''s token; null without one.';
  end if;
  if to_regprocedure('auth.uid()') is null then
    create function auth.uid() returns uuid language sql stable parallel safe
      return (nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'sub')::uuid;
    comment on function auth.uid() is 'Id of the user who calls: claim sub; null without one.';
  end if;
  if to_regprocedure('auth.role()') is null then
    create function auth.role() returns text language sql stable parallel safe
      return nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'role';
    comment on function auth.role() is 'Role of the caller''s token: claim role; null without one.';
  end if;
  if to_regprocedure('auth.email()') is null then
    create function auth.email() returns text language sql stable parallel safe
      return nullif(current_setting('request.jwt.claims', true), '')::jsonb ->> 'email';
    comment on function auth.email() is 'Address of the user who calls: claim email; null without one.';
  end if;
end
$body$;

-- DOWN
-- What the project made itself stays.
do $body$
declare
  signature text;
begin
  foreach signature in array array['auth.uid()', 'auth.role()', 'auth.email()', 'auth.jwt()'] loop
    if exists (select from pg_proc where oid = to_regprocedure(signature) and proowner = current_user::regrole) then
      execute 'drop function ' || signature;
    end if;
  end loop;
  if exists (select from pg_namespace where nspname = 'auth' and nspowner = current_user::regrole) then
    drop schema auth;
  end if;
end
$body$;
