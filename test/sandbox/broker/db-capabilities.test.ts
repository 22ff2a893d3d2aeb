import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import { auditKeys } from '../../../actors/audit/audit-keys.ts';
import { outboxMacFits } from '../../../actors/audit/outbox-mac.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { ExtensionDatabases } from '../../../sandbox/broker/database/extension-databases.ts';
import { PoolBudget } from '../../../sandbox/broker/database/pool-budget.ts';
import { type TestCluster, type TestProject, testCluster } from '../../support/test-cluster.ts';
import { DbBed, testAuditKey } from './db-bed.ts';

describe('db.read and db.write', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;
  let bed: DbBed;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    await project.sql(`
      create table orders (id serial primary key, customer text not null unique, total numeric, tags text[], facts jsonb);
      create table diary (line text);`);
  });
  beforeEach(async () => {
    await project.sql(`truncate orders, diary restart identity;
      insert into orders (customer, total) values ('ann', 10.50), ('bob', 20)`);
    await cluster.storage.query({ database: `project:${project.ref}`, text: 'delete from mg_sys.outbox' });
    bed = new DbBed(cluster, {
      project: project.ref,
      schema: 'ext_reports',
      read: [{ table: 'orders' }],
      write: [{ table: 'orders' }],
    });
  });
  afterEach(() => bed.close());
  after(() => project.remove());

  const outbox = async () =>
    (await cluster.storage.query({ database: `project:${project.ref}`, text: 'select * from mg_sys.outbox' }))
      .rows;
  const sessions = async () =>
    (
      await cluster.storage.query({
        database: 'control',
        text: `select pid, state, query from pg_stat_activity where usename like $1`,
        values: [`ext_${project.ref}_%`],
      })
    ).rows;
  const until = async (what: () => Promise<boolean>): Promise<void> => {
    while (!(await what())) await new Promise((resolve) => setTimeout(resolve, 10));
  };

  it('read rows with parameters, as JSON prints them', async () => {
    const { rows, count } = await bed.read(
      `select id, customer, total, 9007199254740993 as big, '{"a":[1]}'::jsonb as j, array[1,2] as list, null as none,
              true as yes, $1::int + 1 as sum, $2::text[] as texts, $3::jsonb ->> 'k' as k, timestamptz '2026-01-01 00:00:00Z' > now() as past,
              1 as "__proto__"
       from orders where customer = any ($2) order by id`,
      [41, ['ann', 'x"\\,{}'], { k: 'v' }],
    );
    equal(count, 1);
    deepEqual(
      JSON.parse(JSON.stringify(rows[0])),
      JSON.parse(
        `{"id":1,"customer":"ann","total":10.5,"big":"9007199254740993","j":{"a":[1]},"list":[1,2],"none":null,"yes":true,
        "sum":42,"texts":["ann","x\\"\\\\,{}"],"k":"v","past":false,"__proto__":1}`,
      ),
    );
  });

  it('write, and the audit row goes with the write or not at all', async () => {
    const { rows, count } = await bed.write('insert into orders (customer) values ($1), ($2) returning id', [
      'eve',
      'fay',
    ]);
    deepEqual([rows, count], [[{ id: 3 }, { id: 4 }], 2]);
    equal((await bed.write('update orders set total = 0')).count, 4);
    for (const { entry, mac } of await outbox()) {
      ok(outboxMacFits(auditKeys(testAuditKey).outbox, String(entry), String(mac)));
      const { actor, kind, project: ref, target } = JSON.parse(String(entry)) as Record<string, string>;
      deepEqual([actor, kind, ref, target], ['key:extension:acme.reports', 'write', project.ref, 'orders']);
    }
    equal((await outbox()).length, 2);
    deepEqual(
      bed.writes.map(({ operation, table, extension, project: ref }) => [operation, table, extension, ref]),
      [
        ['insert', 'orders', 'acme.reports', project.ref],
        ['update', 'orders', 'acme.reports', project.ref],
      ],
    );
    await rejects(bed.write('insert into orders (customer) values ($1)', ['eve']), {
      code: 'MF662',
      details: {
        name: 'DatabaseError',
        sqlstate: '23505',
        table: 'orders',
        constraint: 'orders_customer_key',
      },
    });
    equal((await outbox()).length, 2);
    await bed.write('delete from orders where id = $1', [3], { firstWallOnly: true });
    equal((await outbox()).length, 3);
    equal(bed.writes.at(-1)?.operation, 'query');
  });

  it('work in their own schema', async () => {
    const { url } = await cluster.storage.extensionLogin({
      project: project.ref,
      extension: bed.extension,
      schema: 'ext_reports',
      read: [{ table: 'orders' }],
      write: [{ table: 'orders' }],
    });
    const { Client } = await import('pg');
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query('create table if not exists ext_reports.state (id int)');
    await client.end();
    await bed.write('insert into state values (7)');
    deepEqual(
      (await bed.read('select s.id from ext_reports.state s left join public.orders o on o.id = s.id')).count,
      1,
    );
    equal(bed.writes[0]?.table, 'state');
  });

  it('with db.schema alone it uses its own tables, and nothing else is there', async () => {
    const alone = new DbBed(cluster, { project: project.ref, schema: 'ext_reports', read: [], write: [] });
    const { url } = await cluster.storage.extensionLogin({
      project: project.ref,
      extension: alone.extension,
      schema: 'ext_reports',
      read: [],
      write: [],
    });
    const { Client } = await import('pg');
    const client = new Client({ connectionString: url });
    await client.connect();
    await client.query(`create table ext_reports.orders (id int);
      create function ext_reports.bump() returns int language sql as 'insert into ext_reports.orders values (9) returning id'`);
    await client.end();
    try {
      await alone.own('insert into orders values ($1), (2)', [1], { requestId: 'r-7' });
      deepEqual((await alone.own('select id from orders')).rows, [{ id: 1 }, { id: 2 }]);
      equal((await alone.own('select id from ext_reports.orders for update')).count, 2);
      equal((await alone.own('select ext_reports.bump()')).count, 1);
      // The statement that only reads has no audit row.
      deepEqual(
        alone.writes.map(({ operation, table, requestId }) => [operation, table, requestId]),
        [
          ['insert', 'ext_reports.orders', 'r-7'],
          ['select', 'ext_reports.orders', null],
          ['select', '', null],
        ],
      );
      for (const text of [
        'select * from public.orders',
        'insert into public.diary values (1)',
        'select * from pg_class',
        'select * from information_schema.tables',
        'drop table orders',
      ]) {
        await rejects(alone.own(text), { code: 'MF674' }, text);
      }
      await rejects(alone.own('select * from diary'), { code: 'MF662' });
      await rejects(alone.own('select * from public.diary', [], { firstWallOnly: true }), { code: 'MF674' });
      const without = new DbBed(cluster, { project: project.ref, schema: null, read: [], write: [] });
      await rejects(without.own('select 1'), { code: 'MF674' });
      await without.close();
    } finally {
      await alone.close();
      await project.sql('drop table if exists ext_reports.orders cascade').catch(() => {});
      await cluster.storage.dropExtensionLogin({ project: project.ref, extension: alone.extension });
    }
  });

  it('take up a login that changed: rights on a table that was made again, a schema that came and went', async () => {
    const request = { project: project.ref, extension: bed.extension, read: [{ table: 'made' }], write: [] };
    const other = new DbBed(cluster, { ...request, schema: null });
    try {
      await project.sql('create table made (id int)');
      equal((await other.read('select * from made')).count, 0);
      await project.sql('drop table made; create table made (id int); insert into made values (1)');
      await rejects(other.read('select * from made'), { code: 'MF674' });
      await cluster.storage.extensionLogin({ ...request, schema: null });
      equal((await other.read('select * from made')).count, 1);
      await rejects(other.own('select 1'), { code: 'MF674' });
      // The broker asks anew after each change of grants.
      other.schema = 'ext_reports';
      other.databases.changed(other.extension);
      equal((await other.own('select 1')).count, 1);
      other.schema = null;
      other.databases.changed(other.extension);
      await rejects(other.own('select 1'), { code: 'MF674', message: /no schema of its own/ });
    } finally {
      await other.close();
      await project.sql('drop table if exists made');
    }
  });

  it('use at most two connections, made once and given back', async () => {
    await Promise.all(Array.from({ length: 20 }, () => bed.read('select 1')));
    equal(bed.logins, 1);
    const open = await sessions();
    ok(open.length >= 1 && open.length <= 2, `${open.length}`);
    await bed.databases.close(bed.extension);
    await until(async () => (await sessions()).length === 0);
  });

  it('stop at the quota of rows, in the middle of a result', async () => {
    bed.rows = 1200;
    await rejects(bed.read('select generate_series(1, 1000000000) as n'), { code: 'MF664' });
    ok(bed.rows <= 1200 && bed.rows >= 0);
    equal((await bed.read('select 1 as one')).count, 1);
  });

  for (const [what, text] of [
    ['many rows', `select repeat('x', 1000) as t from generate_series(1, 100000)`],
    ['one huge row', `select repeat('x', 100000000) as t`],
  ] as const) {
    it(`stop at 4 MiB of ${what}, and end what the server does`, async () => {
      await rejects(bed.read(text), {
        code: 'MF664',
        details: { limit: 'answerBytes', max: 4 * 1024 * 1024 },
      });
      await until(async () => (await sessions()).every(({ state }) => state !== 'active'));
      equal((await bed.read('select 1 as one')).count, 1);
    });
  }

  it('end at their deadline, by PostgreSQL itself', async () => {
    await rejects(bed.read('select pg_sleep(30)', [], { firstWallOnly: true, deadline: Date.now() + 100 }), {
      code: 'MF602',
    });
  });

  it('end when their call is aborted, on the server too, with its reason', async () => {
    const controller = new AbortController();
    const busy = bed.read('select pg_sleep(30)', [], { firstWallOnly: true, signal: controller.signal });
    const ended = rejects(busy, { code: 'MF610' });
    await until(async () => (await sessions()).some(({ state }) => state === 'active'));
    controller.abort(new MagFlockError('MF610', 'its grant has ended'));
    await ended;
    await until(async () => (await sessions()).every(({ state }) => state !== 'active'));
    await rejects(bed.read('select 1', [], { signal: AbortSignal.abort() }));
    equal((await bed.read('select 1 as one')).count, 1);
  });

  it('lose a right at once, in the middle of a call', async () => {
    const busy = bed.read('select pg_sleep(30), * from orders', [], { firstWallOnly: true });
    const ended = rejects(busy, { code: 'MF503' });
    await until(async () => (await sessions()).some(({ state }) => state === 'active'));
    await cluster.storage.extensionLogin({
      project: project.ref,
      extension: bed.extension,
      schema: null,
      read: [],
      write: [],
    });
    await ended;
  });

  it('survive values that are nested deeply or shaped oddly', async () => {
    for (const text of [
      `select (repeat('[', 5000) || repeat(']', 5000))::jsonb as j`,
      `select (repeat('[', 200000) || repeat(']', 200000))::json as j`,
      `select (repeat('{"a":', 6000) || '1' || repeat('}', 6000))::jsonb as j`,
      `select '[0:1]={1,2}'::int[] as a, array[]::text[] as b, '{{1,2},{3,4}}'::int[] as c`,
      `select 1 as a, 2 as a, 'NaN'::float8 as n, 'infinity'::timestamptz as t, '-0'::numeric as z`,
      `select repeat('x', 3000000) as t`,
      'select',
    ])
      await bed
        .read(text)
        .catch((error: MagFlockError) => ok(['MF662', 'MF664'].includes(error.code), error.message));
    equal((await bed.read('select 1 as one')).count, 1);
  });

  it('of many extensions share the connections there are', async () => {
    const budget = new PoolBudget(1);
    const all = ['acme.one', 'acme.two', 'acme.three'].map(
      (extension) =>
        new ExtensionDatabases({
          budget,
          login: () =>
            cluster.storage.extensionLogin({
              extension,
              project: project.ref,
              schema: null,
              read: [],
              write: [],
            }),
        }),
    );
    const { signal } = new AbortController();
    const answers = await Promise.all(
      [...all, ...all, ...all].map((databases, index) =>
        databases.use(`acme.${index % 3}`, project.ref, signal, async ({ client }) => {
          const { rows } = await client.query('select 1 as one');
          return rows[0].one as number;
        }),
      ),
    );
    deepEqual(answers, Array(9).fill(1));
    await Promise.all(all.map((databases) => databases.close()));
    for (const extension of ['acme.one', 'acme.two', 'acme.three'])
      await cluster.storage.dropExtensionLogin({ project: project.ref, extension, keepSchema: false });
  });

  it('say nothing of where the database is', async () => {
    const { databases } = new DbBed(cluster, { project: project.ref, schema: null, read: [], write: [] });
    await databases.close();
    const lost = new ExtensionDatabases({
      login: async () => ({ url: 'postgres://u:hush@127.0.0.1:9/nowhere', schema: null }),
    });
    const { createDbReadCapability } = await import(
      '../../../sandbox/broker/capabilities/db-read.capability.ts'
    );
    const { query } = createDbReadCapability({ databases: lost, check: null }).methods;
    await rejects(query!(bed.call('db.read', ['select 1'])), (error: MagFlockError) => {
      equal(error.code, 'MF503');
      ok(!/127|hush|nowhere|:9/.test(error.message));
      return true;
    });
    await lost.close();
  });

  for (const [what, args, code] of [
    ['no text', [], 'MF422'],
    ['an object for a text', [{ toString: 'x' }], 'MF422'],
    ['parameters that are no list', ['select 1', 'x'], 'MF422'],
    ['1,001 parameters', ['select 1', Array.from({ length: 1001 }, () => 1)], 'MF422'],
    ['a third argument', ['select 1', [], {}], 'MF422'],
    ['a zero byte', ['select 1\0\0\0Q\0\0\0\u0015drop table orders;', []], 'MF674'],
    ['65 kB of text', [`select '${'x'.repeat(66_000)}'`, []], 'MF674'],
  ] as const) {
    it(`refuse ${what}`, async () => {
      const { createDbReadCapability } = await import(
        '../../../sandbox/broker/capabilities/db-read.capability.ts'
      );
      const { query } = createDbReadCapability({ databases: bed.databases, check: null }).methods;
      await rejects(query!(bed.call('db.read', args)), { code });
    });
  }

  it('do not take parameters for syntax', async () => {
    const hostile = `'); drop table orders; --`;
    const { rows } = await bed.read('select $1::text as t, $2::text[] as l', [
      hostile,
      [hostile, '{}', 'NULL', null],
    ]);
    deepEqual(rows[0], { t: hostile, l: [hostile, '{}', 'NULL', null] });
    await rejects(bed.read('select $1::text', ['a\0b']), { code: 'MF662' });
  });
});
