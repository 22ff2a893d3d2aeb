-- UP
-- Audit rows that wait to be sealed. A write puts its row here in its own transaction, so that either both are
-- there or neither. Nobody but the login that runs the migrations reads or deletes; the roles of requests may
-- only append, through a function, and a row without the daemon's MAC is found out by the sealer.
create table mg_sys.outbox (
  position bigint generated always as identity primary key,
  id uuid not null unique,
  entry text not null check (octet_length(entry) <= 16384),
  mac text not null check (octet_length(mac) <= 64),
  at timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);

-- plpgsql, because its plan is kept for the connection; everything is named in full besides the fixed path.
create function mg_sys.append_outbox(id uuid, entry text, mac text) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
begin
  insert into mg_sys.outbox (id, entry, mac)
  values (append_outbox.id, append_outbox.entry, append_outbox.mac);
end
$body$;

revoke all on table mg_sys.outbox from public;
revoke all on function mg_sys.append_outbox(uuid, text, text) from public;
grant execute on function mg_sys.append_outbox(uuid, text, text) to anon, authenticated, service_role;

-- DOWN
drop function mg_sys.append_outbox(uuid, text, text);
drop table mg_sys.outbox;
