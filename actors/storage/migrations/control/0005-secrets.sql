-- UP
-- Secrets of projects (PSU): what extensions may read by name. Sealed with AES-256-GCM under a key that is not in this
-- database; project and name are sealed with the value, so that no row can stand in for another.
create table cp_core.secrets (
  -- With the project go its secrets.
  project text not null references cp_core.projects (ref) on delete cascade,
  name text not null check (name ~ '^[A-Za-z0-9_.-]{1,100}$'),
  nonce bytea not null check (octet_length(nonce) = 12),
  -- Ciphertext, and after it 16 bytes of tag.
  sealed bytea not null check (octet_length(sealed) between 16 and 65552),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (project, name)
);

-- DOWN
drop table cp_core.secrets;
