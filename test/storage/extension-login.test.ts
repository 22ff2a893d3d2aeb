import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import { Client } from 'pg';
import type { ExtensionLoginRequest } from '../../runtime/protocol/storage.protocol.ts';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

const extension = 'acme.reports';

describe('the login of an extension', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let a: TestProject;
  let b: TestProject;
  const open = new Set<Client>();

  before(async () => {
    cluster = await testCluster();
    a = await cluster.createProject();
    b = await cluster.createProject();
    await a.sql(`
      create table orders (id serial primary key, customer text, total int, secret text);
      insert into orders (customer, total, secret) values ('ann', 10, 'hush'), ('bob', 20, 'hush');
      alter table orders enable row level security;
      create table diary (id int primary key, line text);
      insert into diary values (1, 'private');
      create view totals as select sum(total) as total from orders;`);
  });
  afterEach(async () => {
    for (const client of open) await client.end().catch(() => {});
    open.clear();
    await cluster.storage.dropExtensionLogin({ project: a.ref, extension });
  });
  after(async () => {
    await a.remove();
    await b.remove();
  });

  const urlFor = async (request: Partial<ExtensionLoginRequest>): Promise<string> => {
    const whole = { project: a.ref, extension, schema: null, read: [], write: [], ...request };
    return (await cluster.storage.extensionLogin(whole)).url;
  };
  const connectTo = async (url: string): Promise<Client> => {
    const client = new Client({ connectionString: url });
    client.on('error', () => {});
    open.add(client);
    await client.connect();
    return client;
  };
  const login = async (request: Partial<ExtensionLoginRequest>): Promise<Client> =>
    connectTo(await urlFor(request));

  const everything = [
    'select id, customer, total, secret from orders',
    'select * from diary',
    'select total from totals',
  ];
  const rows: readonly (readonly [
    what: string,
    request: Partial<ExtensionLoginRequest>,
    works: readonly string[],
    refused: readonly string[],
  ])[] = [
    ['nothing', {}, ['select 1'], everything],
    [
      'a table to read',
      { read: [{ table: 'orders' }] },
      ['select secret from orders'],
      [
        'select * from diary',
        'insert into orders (total) values (1)',
        'delete from orders',
        'select total from totals',
      ],
    ],
    [
      'two columns to read',
      { read: [{ table: 'orders', columns: ['id', 'total'] }] },
      ['select id, total from orders', 'select count(*) from orders'],
      [
        'select * from orders',
        'select t.* from orders t',
        'select t from orders t',
        'select to_json(t) from orders t',
        'select secret from orders',
        "select id from orders where secret = 'hush'",
        'select id from orders order by secret',
        'update orders set total = 1',
      ],
    ],
    [
      'a view to read',
      { read: [{ table: 'totals' }] },
      ['select total from totals'],
      ['select total from orders', 'select secret from orders'],
    ],
    [
      'every table to read',
      { read: [{ table: '*' }] },
      everything,
      ['delete from orders', 'update diary set id = 2'],
    ],
    [
      'a table to write and its id to read',
      { read: [{ table: 'orders', columns: ['id'] }], write: [{ table: 'orders' }] },
      [
        "insert into orders (customer) values ('eve') returning id",
        "update orders set customer = 'x' where id = 1",
        'delete from orders where id = 99',
      ],
      [
        'update orders set total = 1 returning secret',
        "insert into orders (customer) values ('x') returning *",
        'insert into orders (id, total) values (1, 1) on conflict (id) do update set customer = orders.secret',
        "delete from orders where secret = 'hush'",
        'update diary set line = null',
        'truncate orders',
        'alter table orders add column x int',
        'create trigger t before insert on orders execute function suppress_redundant_updates_trigger()',
      ],
    ],
    [
      'one column to write',
      { read: [{ table: 'orders', columns: ['id'] }], write: [{ table: 'orders', columns: ['customer'] }] },
      ["update orders set customer = 'y' where id = 1", "insert into orders (customer) values ('fay')"],
      ['update orders set total = 1', 'delete from orders', "insert into orders (secret) values ('x')"],
    ],
    [
      'a schema of its own',
      { schema: 'ext_reports' },
      [
        'create table ext_reports.state (id int)',
        'insert into ext_reports.state values (1)',
        'create view ext_reports.v as select 1 as one',
      ],
      [
        ...everything,
        'create table public.mine (id int)',
        'create schema other',
        'create temp table t (id int)',
      ],
    ],
  ];
  for (const [what, request, works, refused] of rows) {
    it(`given ${what} can do that and nothing else`, async () => {
      const client = await login(request);
      for (const text of works) await client.query(text);
      for (const text of refused) {
        await client.query('begin');
        // Without a table there is no way into the schema either, and so no such name.
        await rejects(
          client.query(text),
          (error: { code: string }) => ['42501', '42P01'].includes(error.code),
          text,
        );
        await client.query('rollback');
      }
    });
  }

  it('is an ordinary login with four connections, past row security', async () => {
    const client = await login({ read: [{ table: 'orders' }] });
    const { rows } = await client.query(
      `select rolname, rolsuper, rolinherit, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls, rolconnlimit
       from pg_roles where rolname = current_user`,
    );
    const { rolname, ...facts } = rows[0] as Record<string, unknown>;
    match(String(rolname), new RegExp(`^ext_${a.ref}_[0-9a-f]{16}$`));
    deepEqual(facts, {
      rolsuper: false,
      rolinherit: false,
      rolcreaterole: false,
      rolcreatedb: false,
      rolreplication: false,
      rolbypassrls: true,
      rolconnlimit: 4,
    });
    equal((await client.query('select id from orders')).rows.length >= 2, true);
  });

  it('has a name that fits whatever the extension and the project are called', () => {
    const { user } = cluster.logins.extension('p'.repeat(40), `${'x'.repeat(100)}.${'y'.repeat(100)}`);
    ok(user.length <= 63);
    notEqual(user, cluster.logins.extension('p'.repeat(40), 'acme.other').user);
    notEqual(cluster.logins.extension('a', 'x.y').password, cluster.logins.extension('b', 'x.y').password);
  });

  it('opens no other database', async () => {
    const url = await urlFor({ read: [{ table: '*' }] });
    for (const database of [
      b.database,
      'magui_app',
      'magsentinel_events',
      'magflock_template',
      'postgres',
      'template1',
    ]) {
      const other = new URL(url);
      other.pathname = `/${database}`;
      await rejects(connectTo(other.href), { code: '42501' }, database);
    }
  });

  it('of one extension does not see the schema of another', async () => {
    const other = { project: a.ref, extension: 'acme.other', schema: 'ext_other', read: [], write: [] };
    const { url } = await cluster.storage.extensionLogin(other);
    try {
      await (await connectTo(url)).query(`create table ext_other.notes (id int)`);
      const client = await login({ schema: 'ext_reports', read: [{ table: '*' }], write: [{ table: '*' }] });
      await rejects(client.query('select * from ext_other.notes'), { code: '42501' });
      await rejects(client.query('create table ext_other.mine (id int)'), { code: '42501' });
      await rejects(urlFor({ schema: 'ext_other' }), { code: 'MF500' });
    } finally {
      for (const one of open) await one.end();
      await cluster.storage.dropExtensionLogin(other);
    }
  });

  it('of nobody is a schema with any other name', async () => {
    for (const schema of ['public', 'mg_sys', 'ext_', 'ext_A', 'ext_x"; drop schema public; --']) {
      await rejects(urlFor({ schema }), { code: 'MF500' }, schema);
    }
  });

  it('reads nothing of mg_sys, and puts in the outbox only what the function takes', async () => {
    const client = await login({ write: [{ table: 'orders' }] });
    for (const text of [
      'select * from mg_sys.outbox',
      'delete from mg_sys.outbox',
      'select * from mg_sys.schema_changes',
      'select mg_sys.note_schema_change()',
      "insert into mg_sys.outbox (id, entry, mac) values (gen_random_uuid(), '', '')",
    ])
      await rejects(client.query(text), { code: '42501' }, text);
    const reader = await login({ extension, read: [{ table: 'orders' }] });
    await rejects(reader.query("select mg_sys.append_outbox(gen_random_uuid(), 'x', 'y')"), {
      code: '42501',
    });
  });

  it('covers with * what is made later, and nothing of it once that is taken back', async () => {
    const client = await login({ read: [{ table: '*' }], write: [{ table: '*' }] });
    await a.sql('create table later (id serial primary key, at int)');
    try {
      await client.query('insert into later (at) values (1)');
      equal((await client.query('select * from later')).rows.length, 1);
      const narrow = await login({ read: [{ table: 'orders' }] });
      await a.sql('create table latest (id int)');
      for (const table of ['later', 'latest', 'diary'])
        await rejects(narrow.query(`select * from ${table}`), { code: '42501' }, table);
      await narrow.query('select * from orders');
    } finally {
      await a.sql('drop table if exists later, latest');
    }
  });

  it('loses its sessions with a right, in the middle of a statement, and not without', async () => {
    const both = { read: [{ table: 'orders' }, { table: 'diary' }] };
    const client = await login(both);
    await urlFor(both);
    await urlFor({ ...both, write: [{ table: 'diary' }] });
    await client.query('select 1');
    const busy = client.query('select pg_sleep(30)');
    const ended = rejects(busy, /terminat/);
    await urlFor({ read: [{ table: 'diary' }] });
    await ended;
    const again = await login({ read: [{ table: 'diary' }] });
    await rejects(again.query('select * from orders'), { code: '42501' });
    await again.query('select * from diary');
  });

  it('narrowed from a table to a column keeps the column', async () => {
    await login({ read: [{ table: 'orders' }] });
    const client = await login({ read: [{ table: 'orders', columns: ['id'] }] });
    await client.query('select id from orders');
    await rejects(client.query('select secret from orders'), { code: '42501' });
  });

  it('loses what somebody granted by hand', async () => {
    const { user } = cluster.logins.extension(a.ref, extension);
    await login({ read: [{ table: 'orders' }] });
    await a.sql(`grant select on diary to "${user}"; grant update (total) on orders to "${user}"`);
    const client = await login({ read: [{ table: 'orders' }] });
    await rejects(client.query('select * from diary'), { code: '42501' });
    await rejects(client.query('update orders set total = 0'), { code: '42501' });
  });

  it('changes nothing in the catalogue when nothing changes', async () => {
    const request = {
      schema: 'ext_reports',
      read: [{ table: 'orders', columns: ['id'] }],
      write: [{ table: 'diary' }],
    };
    await urlFor(request);
    const changes = async () =>
      (
        await cluster.storage.query({
          database: `project:${a.ref}`,
          text: 'select count(*) from mg_sys.schema_changes',
        })
      ).rows[0];
    const before = await changes();
    await urlFor(request);
    deepEqual(await changes(), before);
  });

  it('passes over tables and columns that are not there', async () => {
    const client = await login({
      read: [
        { table: 'nowhere' },
        { table: 'orders', columns: ['id', 'gone', 'id"; drop table orders; --'] },
      ],
    });
    await client.query('select id from orders');
  });

  it('loses its schema when it is no longer granted, and finds it again', async () => {
    const client = await login({ schema: 'ext_reports' });
    await client.query('create table ext_reports.state (id int)');
    const without = await login({ read: [{ table: 'orders' }] });
    await rejects(without.query('select * from ext_reports.state'), { code: '42501' });
    const again = await login({ schema: 'ext_reports' });
    await again.query('insert into ext_reports.state values (1)');
  });

  it('goes with its schema, or leaves it for its return', async () => {
    const client = await login({ schema: 'ext_reports', read: [{ table: 'orders' }] });
    await client.query('create table ext_reports.state as select 1 as id');
    const url = await urlFor({ schema: 'ext_reports', read: [{ table: 'orders' }] });
    deepEqual(await cluster.storage.dropExtensionLogin({ project: a.ref, extension, keepSchema: true }), {
      dropped: true,
    });
    await rejects(connectTo(url));
    const again = await login({ schema: 'ext_reports' });
    equal((await again.query('select * from ext_reports.state')).rows.length, 1);
    await cluster.storage.dropExtensionLogin({ project: a.ref, extension });
    const { rows } = await a.query(
      `select nspname as name from pg_namespace where nspname = 'ext_reports' union all select rolname from pg_roles where rolname like 'ext_${a.ref}_%'`,
    );
    deepEqual(rows, []);
    deepEqual(await cluster.storage.dropExtensionLogin({ project: a.ref, extension }), { dropped: false });
  });

  it('goes with its project', async () => {
    const c = await cluster.createProject();
    await cluster.storage.extensionLogin({ project: c.ref, extension, schema: 'ext_x', read: [], write: [] });
    await c.remove();
    const { rows } = await a.query(`select from pg_roles where rolname like 'ext_${c.ref}_%'`);
    deepEqual(rows, []);
  });

  it('of an unknown project is MF508', async () => {
    await rejects(urlFor({ project: 'nowhere' }), { code: 'MF508' });
  });
});
