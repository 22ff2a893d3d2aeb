-- UP
-- What the actor runtime keeps: journals of actors, the outbox of the event bus, streams. Payloads are encoded by
-- the runtime; nothing here is read by a request.
create schema if not exists cp_runtime;
revoke all on schema cp_runtime from public;

create table cp_runtime.journals (
  journal text primary key,
  -- Whoever opened it last may append.
  epoch bigint not null,
  last_seq bigint not null default 0,
  -- Opened so often since a replay last came to its end, and the entry that was about to run.
  opened int not null default 0,
  noted_seq bigint,
  noted_crashes int not null default 0
) with (fillfactor = 50);

create table cp_runtime.snapshots (
  journal text primary key references cp_runtime.journals (journal) on delete cascade,
  seq bigint not null,
  state bytea not null,
  at timestamptz not null default clock_timestamp()
);

create table cp_runtime.journal_entries (
  journal text not null references cp_runtime.journals (journal) on delete cascade,
  seq bigint not null check (seq > 0),
  id text,
  method text not null,
  payload bytea not null,
  reply bytea,
  -- Ended its incarnation too often: never run again.
  skipped boolean not null default false,
  at timestamptz not null default clock_timestamp(),
  primary key (journal, seq)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 10000);

create table cp_runtime.subscriptions (
  subscriber text not null,
  event text not null,
  since timestamptz not null default clock_timestamp(),
  primary key (subscriber, event)
);

create table cp_runtime.outbox (
  position bigint generated always as identity primary key,
  id uuid not null unique,
  name text not null,
  payload text not null,
  at timestamptz not null,
  put_at timestamptz not null default clock_timestamp()
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);
create index outbox_by_age on cp_runtime.outbox (put_at);

create table cp_runtime.deliveries (
  subscriber text not null,
  position bigint not null references cp_runtime.outbox (position) on delete cascade,
  attempts int not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  error text not null default '',
  -- Given up: a dead letter until it is replayed.
  dead boolean not null default false,
  primary key (subscriber, position)
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);
create index deliveries_by_position on cp_runtime.deliveries (position);
create index dead_deliveries on cp_runtime.deliveries (position) where dead;

create table cp_runtime.streams (
  stream text primary key,
  last_offset bigint not null default 0
) with (fillfactor = 50);

create table cp_runtime.stream_records (
  stream text not null,
  "offset" bigint not null,
  partition smallint not null,
  key text not null,
  value bytea not null,
  at timestamptz not null default clock_timestamp(),
  primary key (stream, "offset")
) with (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 10000);
create index stream_records_by_partition on cp_runtime.stream_records (stream, partition, "offset");

create table cp_runtime.stream_shares (
  stream text not null,
  "group" text not null,
  partition smallint not null,
  committed bigint not null default 0,
  -- Who works on it, which life of it, and until when.
  member text not null default '',
  life text not null default '',
  until timestamptz not null default '-infinity',
  primary key (stream, "group", partition)
) with (fillfactor = 50);

-- DOWN
drop table cp_runtime.stream_shares;
drop table cp_runtime.stream_records;
drop table cp_runtime.streams;
drop table cp_runtime.deliveries;
drop table cp_runtime.outbox;
drop table cp_runtime.subscriptions;
drop table cp_runtime.journal_entries;
drop table cp_runtime.snapshots;
drop table cp_runtime.journals;
drop schema cp_runtime;
