-- UP
-- What MagSentinel keeps beyond a restart: incidents, what people said of them, blocked addresses, and the shapes of
-- statements each route has sent. Never the text of a value: a digest, 80 safe characters, and what the model read.
create schema if not exists cp_sentinel;
revoke all on schema cp_sentinel from public;

-- No reference to cp_core.projects: one row that does not fit must not keep a whole batch out. The rows of a removed
-- project are deleted by the owner.
create table cp_sentinel.incidents (
  -- UUIDv7: in the order of time, to the millisecond.
  id uuid primary key,
  project text not null,
  at timestamptz not null,
  agent text not null,
  signature text not null,
  score float8 not null,
  band text not null,
  action text not null,
  enforced boolean not null,
  address text not null,
  key_id text,
  counts boolean not null,
  surface text not null,
  place text not null,
  method text not null,
  path text not null,
  digest text not null,
  excerpt text not null,
  request_id text not null,
  explanation jsonb not null,
  features text,
  suppressed int not null default 0
);
create index incidents_by_project on cp_sentinel.incidents (project, at desc);
create index incidents_by_time on cp_sentinel.incidents (at);

-- Complete in itself: the training reads it when the incident is long trimmed.
create table cp_sentinel.feedback (
  incident uuid primary key,
  project text not null,
  verdict text not null check (verdict in ('false-alarm', 'confirmed')),
  at timestamptz not null default clock_timestamp(),
  note text check (length(note) <= 1000),
  surface text not null,
  address text not null,
  key_id text,
  features text
);

create table cp_sentinel.blocks (
  id uuid primary key,
  project text not null,
  -- An IPv4 address, or the /64 of an IPv6 address.
  address text not null,
  -- Null: requests without a right key.
  key_id text,
  since timestamptz not null,
  until timestamptz not null,
  -- Kept for a day after its end, so that the next one of the same caller is longer.
  seconds int not null check (seconds > 0),
  incidents jsonb not null check (jsonb_typeof(incidents) = 'array'),
  reason text not null
);
create index blocks_by_end on cp_sentinel.blocks (until);

-- Shapes of statements by libpg-query's fingerprint. `first_seen` tells a new one.
create table cp_sentinel.statement_shapes (
  project text not null,
  route text not null,
  fingerprint text not null,
  first_seen timestamptz not null default clock_timestamp(),
  last_seen timestamptz not null default clock_timestamp(),
  count bigint not null default 1,
  primary key (project, route, fingerprint)
);

-- DOWN
drop table cp_sentinel.statement_shapes;
drop table cp_sentinel.blocks;
drop table cp_sentinel.feedback;
drop table cp_sentinel.incidents;
drop schema cp_sentinel;
