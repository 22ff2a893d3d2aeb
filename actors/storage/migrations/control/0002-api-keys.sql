-- UP
-- API keys (PSU). Of a secret key only the SHA-256 is here; a public key is no secret and stays readable.
create table cp_core.api_keys (
  id uuid primary key,
  -- With the project go its keys, so that a later project of the same ref does not inherit them.
  project text not null references cp_core.projects (ref) on delete cascade,
  role text not null check (role in ('anon', 'service_role')),
  name text not null check (length(name) between 1 and 100),
  hash text not null unique check (hash ~ '^[0-9a-f]{64}$'),
  public_key text,
  shown text not null,
  scopes text not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  -- May lie in the future: a rotated key works until then.
  revoked_at timestamptz,
  replaced_by uuid references cp_core.api_keys (id) on delete set null deferrable initially deferred,
  constraint only_public_keys_are_readable check ((role = 'anon') = (public_key is not null))
);

create index api_keys_by_project on cp_core.api_keys (project, created_at);

-- DOWN
drop table cp_core.api_keys;
