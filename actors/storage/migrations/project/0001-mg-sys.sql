-- UP
-- The portable part of MagFlock in a project's database. Its objects belong to the administrator: the project's
-- owner and the roles of requests use what is granted here and change nothing.
create schema if not exists mg_sys;
grant usage on schema mg_sys to public;

-- Ends the running transaction with an SQLSTATE of our error catalogue, from inside an expression: COMMIT is on
-- the wire already when a lane finds out. Returns text, which casts to anything the expression needs.
create function mg_sys.refuse(sqlstate text, message text) returns text
  language plpgsql volatile parallel unsafe
  set search_path = pg_catalog, pg_temp
as $body$
begin
  raise exception using errcode = refuse.sqlstate, message = refuse.message;
end
$body$;

-- One row for each transaction that changed the schema. The version is their number: it grows with the commit,
-- never before it, and no transaction waits for another as it would on a counter's row.
create table mg_sys.schema_changes (
  transaction xid8 primary key,
  at timestamptz not null default clock_timestamp()
);
revoke all on table mg_sys.schema_changes from public;

create function mg_sys.note_schema_change() returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  insert into mg_sys.schema_changes (transaction) values (pg_current_xact_id()) on conflict do nothing;
  if found then
    perform pg_notify('magflock_schema', '');
  end if;
end
$body$;
revoke all on function mg_sys.note_schema_change() from public;

create function mg_sys.on_ddl() returns event_trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  -- Temporary tables are nobody else's business.
  if exists (select from pg_event_trigger_ddl_commands() where schema_name is distinct from 'pg_temp') then
    perform mg_sys.note_schema_change();
  end if;
end
$body$;

create function mg_sys.on_drop() returns event_trigger
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  if exists (select from pg_event_trigger_dropped_objects() where not is_temporary) then
    perform mg_sys.note_schema_change();
  end if;
end
$body$;
revoke all on function mg_sys.on_ddl(), mg_sys.on_drop() from public;

-- Only a superuser makes event triggers. On an outside server without one the owner compares a fingerprint.
do $body$
begin
  create event trigger magflock_ddl on ddl_command_end execute function mg_sys.on_ddl();
  create event trigger magflock_drop on sql_drop execute function mg_sys.on_drop();
exception when insufficient_privilege then
  raise notice 'no event triggers: schema changes are found by polling';
end
$body$;

-- How a write ended whose connection died while COMMIT was on the wire. The transaction's own outbox row is
-- proof; its id in pg_xact_status alone is not, because an id that never reached the log is given out again
-- after a crash.
create function mg_sys.write_outcome(transaction text, outbox_id text) returns text
  language plpgsql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  status text;
begin
  if exists (select from mg_sys.outbox where id = outbox_id::uuid) then
    return 'committed';
  end if;
  begin
    status := pg_xact_status(transaction::xid8);
  exception when invalid_parameter_value then
    return 'aborted'; -- in the future: it never reached the log
  end;
  return case status when 'committed' then 'committed, or another' else status end;
end
$body$;

-- DOWN
drop event trigger if exists magflock_ddl;
drop event trigger if exists magflock_drop;
drop function mg_sys.write_outcome(text, text);
drop function mg_sys.on_drop();
drop function mg_sys.on_ddl();
drop function mg_sys.note_schema_change();
drop table mg_sys.schema_changes;
drop function mg_sys.refuse(text, text);
