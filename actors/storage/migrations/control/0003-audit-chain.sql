-- UP
-- The audit trail (Audit): one hash chain per project. What proves it is not in this database: the key of the
-- seals and the key that signs the checkpoints. See actors/audit/README.md.
create schema if not exists cp_audit;

create table cp_audit.heads (
  project text primary key,
  seq bigint not null,
  hash text not null,
  moved_at timestamptz not null default clock_timestamp()
);

create table cp_audit.entries (
  project text not null,
  seq bigint not null check (seq > 0),
  id uuid not null,
  -- A copy of entry->kind to filter by; verify compares the two.
  kind text not null,
  -- Canonical JSON text, kept as text: the hash is over these bytes.
  entry text not null,
  previous_hash text not null,
  hash text not null,
  seal text not null,
  sealed_at timestamptz not null default clock_timestamp(),
  primary key (project, seq)
);

-- A row of an outbox is sealed once, whatever crashed between sealing it and deleting it there.
create unique index entries_once on cp_audit.entries (project, id);
-- `magflock logs --security` must not read past a million writes.
create index entries_besides_writes on cp_audit.entries (project, seq) where kind <> 'write';

create table cp_audit.checkpoints (
  project text not null,
  seq bigint not null,
  -- The very line of the exported file.
  line text not null,
  at timestamptz not null default clock_timestamp(),
  primary key (project, seq)
);

-- DOWN
drop table cp_audit.checkpoints;
drop table cp_audit.entries;
drop table cp_audit.heads;
