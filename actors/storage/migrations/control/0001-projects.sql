-- UP
-- What Storage knows of projects, and of the state of this installation.
create schema if not exists cp_core;

create table cp_core.projects (
  ref text primary key check (ref ~ '^[a-z0-9]{1,40}$'),
  -- `creating` and `removing` are finished at the next start, whatever crashed in between.
  state text not null check (state in ('creating', 'ready', 'removing')),
  -- Digest of the migrations its database has.
  schema_digest text,
  created_at timestamptz not null default clock_timestamp()
);

create table cp_core.installation (
  name text primary key,
  value text not null
);

revoke all on schema cp_core from public;

-- DOWN
drop table cp_core.installation;
drop table cp_core.projects;
