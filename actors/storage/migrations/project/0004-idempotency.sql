-- UP
-- Answers of writes that came with an Idempotency-Key, kept by the write itself: in its own transaction, so that there
-- is an answer exactly when there is a write. `key` is an HMAC that only the daemon can make, over who asked, method,
-- path and the caller's key: it is what lets somebody at an answer, and nobody can guess or compute that of another.
-- The roles of requests have no right on the table; through the functions they reach what they know the key of.
create table mg_sys.idempotency (
  key bytea not null check (octet_length(key) = 32),
  -- One for each statement of the request whose answer is kept.
  part integer not null check (part between 0 and 200),
  request bytea not null check (octet_length(request) = 32),
  -- The row of the statement as JSON; null when it is too long to be kept.
  answer text,
  expires_at timestamptz not null,
  primary key (key, part)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);
create index idempotency_expires_at on mg_sys.idempotency (expires_at);

-- Runs ahead of the write. Another transaction with this key is not waited for: it would hold up everybody who shares
-- the connection. MGONC: the answer is there. MF431: it is that of another request. MF432: the first is not over.
create function mg_sys.begin_once(key bytea, request bytea) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  known bytea;
begin
  if not pg_try_advisory_xact_lock(('x' || encode(substr(begin_once.key, 1, 8), 'hex'))::bit(64)::bigint) then
    raise exception using errcode = 'MF432', message = 'a request with this key is under way';
  end if;
  select i.request into known
  from mg_sys.idempotency as i
  where i.key = begin_once.key and i.part = 0 and i.expires_at > clock_timestamp();
  if known is null then
    return;
  end if;
  if known = begin_once.request then
    raise exception using errcode = 'MGONC', message = 'this was answered before';
  end if;
  raise exception using errcode = 'MF431', message = 'this key was used for another request';
end
$body$;

-- Runs with the write's last row. Answers true: it stands in a WHERE. Takes a few expired rows away each time, so that
-- there is never much to do.
create function mg_sys.keep_answer(key bytea, request bytea, part integer, answer json) returns boolean
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
declare
  now constant timestamptz := clock_timestamp();
begin
  insert into mg_sys.idempotency as i (key, part, request, answer, expires_at)
  values (
    keep_answer.key, keep_answer.part, keep_answer.request,
    case when octet_length(keep_answer.answer::text) <= 1048576 then keep_answer.answer::text end,
    now + interval '24 hours'
  )
  on conflict on constraint idempotency_pkey do update
    set request = excluded.request, answer = excluded.answer, expires_at = excluded.expires_at
    where i.expires_at <= now;
  if not found then
    raise exception using errcode = 'MF432', message = 'a request with this key is under way';
  end if;
  if keep_answer.part = 0 then
    delete from mg_sys.idempotency as i
    where i.ctid = any (array(
      select e.ctid from mg_sys.idempotency as e
      where e.expires_at <= now order by e.expires_at limit 10 for update skip locked
    ));
  end if;
  return true;
end
$body$;

-- The answers of all parts as a JSON list of texts, null for those that were too long; null when there is none.
create function mg_sys.kept_answer(key bytea, request bytea) returns text
  language sql stable security definer
  set search_path = pg_catalog, pg_temp
as $body$
  select json_agg(i.answer order by i.part)::text
  from mg_sys.idempotency as i
  where i.key = kept_answer.key and i.request = kept_answer.request and i.expires_at > clock_timestamp()
$body$;

revoke all on table mg_sys.idempotency from public;
revoke all on function mg_sys.begin_once(bytea, bytea), mg_sys.keep_answer(bytea, bytea, integer, json),
  mg_sys.kept_answer(bytea, bytea) from public;
grant execute on function mg_sys.begin_once(bytea, bytea), mg_sys.keep_answer(bytea, bytea, integer, json),
  mg_sys.kept_answer(bytea, bytea) to anon, authenticated, service_role;

-- DOWN
drop function mg_sys.kept_answer(bytea, bytea);
drop function mg_sys.keep_answer(bytea, bytea, integer, json);
drop function mg_sys.begin_once(bytea, bytea);
drop table mg_sys.idempotency;
