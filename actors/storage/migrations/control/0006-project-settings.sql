-- UP
-- Settings of projects that are not the default. Names and values are checked before they come here.
create table cp_core.data_api_settings (
  -- With the project go its settings.
  project text primary key references cp_core.projects (ref) on delete cascade,
  settings jsonb not null check (jsonb_typeof(settings) = 'object'),
  updated_at timestamptz not null default clock_timestamp()
);

-- How tokens are verified (PSU). The secret is not among the settings but sealed, as those of cp_core.secrets are.
create table cp_core.token_settings (
  project text primary key references cp_core.projects (ref) on delete cascade,
  settings jsonb not null check (jsonb_typeof(settings) = 'object' and not settings ? 'jwtSecret'),
  nonce bytea check (octet_length(nonce) = 12),
  sealed bytea check (octet_length(sealed) between 16 and 65552),
  updated_at timestamptz not null default clock_timestamp(),
  constraint sealed_with_its_nonce check ((nonce is null) = (sealed is null))
);

-- DOWN
drop table cp_core.token_settings;
drop table cp_core.data_api_settings;
