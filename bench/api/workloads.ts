/** A request that is sent again and again with random keys. */
export interface Workload {
  readonly name: string;
  readonly method: 'GET' | 'POST';
  /** Below `/rest/v1` and below the rivals' root; `{key}` is a random integer up to `keys`. */
  readonly path: string;
  readonly keys: number;
  readonly headers?: readonly string[];
  readonly body?: string;
  /** Least ratio to the rival with row security, to the bare one in one process. */
  readonly goals: { readonly rls: number; readonly bare: number };
}

export const rows = 100_000;
export const albums = 2_000;

const row = (number: string): string =>
  `{"name":"entry ${number} of many","price":${number}.25,"note":"written by a request"}`;

/** Row security is on for every table; the caller is `anon` with a policy for each. */
export const ddl = `
  create table album (id integer primary key, title text not null);
  create table item (id integer primary key, name text not null, price numeric(10,2) not null,
    album_id integer not null references album (id), note text, created_at timestamptz not null default now());
  create table entry (id bigint generated always as identity primary key, name text not null,
    price numeric(10,2) not null, note text);
  insert into album select i, 'album ' || i from generate_series(1, ${albums}) i;
  insert into item select i, 'item ' || i, (i % 1000) / 7.0, 1 + i % ${albums}, md5(i::text), now()
    from generate_series(1, ${rows}) i;
  create index on item (album_id);
  alter table album enable row level security;
  alter table item enable row level security;
  alter table entry enable row level security;
  create policy read_album on album for select to anon using (title <> '');
  create policy read_item on item for select to anon using (price >= 0);
  create policy read_entry on entry for select to anon using (true);
  create policy add_entry on entry for insert to anon with check (price >= 0);
  grant select on album, item, entry to anon;
  grant insert on entry to anon;`;

export const workloads: readonly Workload[] = [
  { name: 'read by key', method: 'GET', path: '/item?id=eq.{key}', keys: rows, goals: { rls: 2, bare: 1 } },
  {
    name: 'list of 20',
    method: 'GET',
    path: '/item?id=gte.{key}&order=id&limit=20',
    keys: rows - 20,
    goals: { rls: 2, bare: 1 },
  },
  {
    name: 'list of 20 with embed',
    method: 'GET',
    path: '/item?select=id,name,album(id,title)&id=gte.{key}&order=id&limit=20',
    keys: rows - 20,
    goals: { rls: 2, bare: 1 },
  },
  {
    name: 'filtered count',
    method: 'GET',
    path: '/item?select=id&limit=1&album_id=eq.{key}',
    headers: ['Prefer: count=exact'],
    keys: albums,
    goals: { rls: 2, bare: 1 },
  },
  {
    name: 'insert one',
    method: 'POST',
    path: '/entry?select=id',
    headers: ['Prefer: return=representation'],
    body: `[${row('{key}')}]`,
    keys: 1_000,
    goals: { rls: 1, bare: 1 },
  },
  {
    name: 'insert 1,000 in one request',
    method: 'POST',
    path: '/entry?select=id',
    headers: ['Prefer: return=representation'],
    body: `[${Array.from({ length: 1_000 }, () => row('{key}')).join(',')}]`,
    keys: 1_000,
    goals: { rls: 1, bare: 1 },
  },
];
