import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { Client } from 'pg';
import { testCluster } from '../support/test-cluster.ts';
import { type DataFront, openFront } from './data-front.ts';

const ddl = `
create table item (id int generated always as identity primary key, name text unique, note text);
create table part (id int generated always as identity primary key, item int references item on delete cascade, n int);
create function add_item(name text) returns item language sql as $$
  insert into item (name) values (name) returning *
$$;
grant execute on function add_item(text) to service_role;
create function raise_known() returns trigger language plpgsql as $$
begin
  if new.name = 'long' then new.note := repeat('x', 1100000); end if;
  if new.name like 'raise %' then raise exception using errcode = substr(new.name, 7), message = 'mine'; end if;
  return new;
end $$;
create trigger raise_known before insert on item for each row execute function raise_known();
alter table item enable row level security;
create policy own on item to anon using (true) with check (true);
grant select, insert on item to anon;
`;

describe('Idempotency-Key', function () {
  this.timeout(40_000);
  let front: DataFront;
  before(async () => {
    front = await openFront(ddl);
  });
  after(async () => {
    await front?.close();
  });

  const post = (key: string, body: unknown, more: Record<string, unknown> = {}, target = '/api/item') =>
    front.send('POST', target, {
      body,
      ...more,
      headers: { 'idempotency-key': key, ...((more['headers'] as Record<string, string>) ?? {}) },
    });
  const count = async (where = 'true') =>
    Number((await front.query(`select count(*) as n from item where ${where}`))[0]?.['n']);

  describe('answers the same request with the same answer, and writes once', () => {
    const cases: readonly [
      what: string,
      method: string,
      target: string,
      body: unknown,
      headers?: Record<string, string>,
    ][] = [
      ['POST of a row', 'POST', '/api/item', { name: 'one' }],
      ['POST of rows', 'POST', '/api/item', [{ name: 'two' }, { name: 'thr\'ee \\ "quoted" (' }]],
      ['POST without a body back', 'POST', '/api/item', { name: 'min' }, { prefer: 'return=minimal' }],
      ['PATCH', 'PATCH', '/api/item/1', { note: 'patched' }],
      ['PUT', 'PUT', '/api/item/1', { name: 'put', note: null }],
      ['DELETE', 'DELETE', '/api/item/1', undefined],
      [
        'POST of PostgREST',
        'POST',
        '/rest/v1/item?select=name',
        { name: 'rest' },
        { prefer: 'return=representation' },
      ],
      [
        'POST of PostgREST with headers only',
        'POST',
        '/rest/v1/item',
        { name: 'only' },
        { prefer: 'return=headers-only' },
      ],
      [
        'an upsert of PostgREST',
        'POST',
        '/rest/v1/item?on_conflict=name',
        { name: 'rest' },
        { prefer: 'resolution=merge-duplicates,return=representation' },
      ],
      ['a call', 'POST', '/rest/v1/rpc/add_item', { name: 'called' }],
      [
        'PATCH of PostgREST',
        'PATCH',
        '/rest/v1/item?name=eq.rest',
        { note: 'x' },
        { prefer: 'return=representation' },
      ],
      ['DELETE of PostgREST', 'DELETE', '/rest/v1/item?name=eq.rest', undefined],
      [
        'a batch',
        'POST',
        '/batch/v1',
        {
          operations: [
            { id: 'a', op: 'insert', table: 'item', data: { name: 'batched' } },
            { op: 'insert', table: 'item', data: { name: 'too', note: { $ref: 'a.name' } } },
            { op: 'update', table: 'item', where: { name: 'too' }, data: { note: 'changed' } },
            { op: 'select', table: 'item', where: { id: { $ref: 'a.id' } } },
          ],
        },
      ],
      ['rows of several tables', 'POST', '/api/item', { name: 'tree', part: [{ n: 1 }, { n: 2 }] }],
    ];
    for (const [what, method, target, body, headers = {}] of cases) {
      it(what, async () => {
        const send = () =>
          front.send(method, target, {
            body,
            headers: { ...headers, 'idempotency-key': `same ${what}`.replaceAll(' ', '-') },
          });
        const first = await send();
        const rows = await front.query('select * from item order by id');
        const again = await send();
        ok(first.status < 300, first.text);
        equal(first.headers.get('idempotency-replayed'), null);
        equal(again.headers.get('idempotency-replayed'), 'true');
        equal(again.status, first.status);
        equal(again.text, first.text);
        for (const name of ['location', 'content-type', 'content-range', 'preference-applied', 'etag']) {
          equal(again.headers.get(name), first.headers.get(name), name);
        }
        deepEqual(await front.query('select * from item order by id'), rows);
      });
    }
  });

  it('makes one row of twenty requests at once; each is answered with it or told to wait', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(key, { name: 'parallel' })));
    equal(await count("name = 'parallel'"), 1);
    const done = answers.filter(({ status }) => status === 201);
    ok(done.length >= 1);
    equal(new Set(done.map(({ text }) => text)).size, 1);
    equal(done.filter(({ headers }) => headers.get('idempotency-replayed') === null).length, 1);
    for (const { status, body, headers } of answers) {
      if (status === 201) continue;
      equal(status, 409);
      equal(body.code, 'MF432');
      equal(headers.get('retry-after'), '1');
    }
    equal((await post(key, { name: 'parallel' })).status, 201);
  });

  it('tells a request to wait while the first is not over', async () => {
    const key = randomUUID();
    const held = await (await testCluster()).superuser((await database()) as string);
    try {
      // Whoever holds a lock on the row of a unique value holds up the insert of the same.
      await held.query('begin');
      await held.query("insert into item (name) values ('slow')");
      const first = post(key, { name: 'slow' });
      while ((await held.query('select from pg_locks where not granted')).rowCount === 0) {
        // The first one is on its way to the lock.
      }
      const second = await post(key, { name: 'slow' });
      equal(second.status, 409);
      equal(second.body.code, 'MF432');
      equal(second.headers.get('retry-after'), '1');
      await held.query('rollback');
      equal((await first).status, 201);
      equal((await post(key, { name: 'slow' })).headers.get('idempotency-replayed'), 'true');
    } finally {
      await held.end();
    }
  });

  describe('is another request when', () => {
    const base = { name: 'differs' };
    const cases: readonly [string, () => Promise<{ status: number; body: { code: string } }>][] = [
      ['the body differs', () => post('differs', { name: 'else' })],
      ['the body is written differently', () => post('differs', '{"name": "differs" }')],
      ['the query differs', () => post('differs', base, {}, '/api/item?fields=id')],
      ['another answer is preferred', () => post('differs', base, { headers: { prefer: 'return=minimal' } })],
    ];
    before(() => post('differs', base));
    for (const [what, send] of cases) {
      it(what, async () => {
        const before = await count();
        const { status, body } = await send();
        equal(status, 422);
        equal(body.code, 'MF431');
        equal(await count(), before);
      });
    }
  });

  describe('has nothing to do with the key of', () => {
    const cases: readonly [string, Record<string, unknown>, string?][] = [
      ['another caller', { keyId: 'k2' }],
      ['another role', { role: 'anon' }],
    ];
    for (const [what, more] of cases) {
      it(what, async () => {
        const key = randomUUID();
        const first = await post(key, { note: what });
        const other = await post(key, { note: what }, more);
        equal(other.status, 201, other.text);
        equal(other.headers.get('idempotency-replayed'), null);
        ok(other.body.data.id !== first.body.data.id);
      });
    }
    it('another path', async () => {
      const key = randomUUID();
      await post(key, { note: 'path' });
      const other = await post(key, { note: 'path' }, {}, '/rest/v1/item');
      equal(other.status, 201);
      equal(other.headers.get('idempotency-replayed'), null);
    });
  });

  it('keeps nothing of a write that failed: the same key may be tried again', async () => {
    const key = randomUUID();
    await front.sql("insert into item (name) values ('taken')");
    const failed = await post(key, { name: 'taken' });
    equal(failed.status, 409);
    equal(failed.body.code, 'MF409');
    await front.sql("delete from item where name = 'taken'");
    const done = await post(key, { name: 'taken' });
    equal(done.status, 201);
    equal(done.headers.get('idempotency-replayed'), null);
  });

  it('keeps nothing of a write that is undone', async () => {
    await front.set({ dbTxEnd: 'commit-allow-override' });
    const headers = { prefer: 'tx=rollback,return=representation' };
    for (const _ of [1, 2]) {
      const answer = await post('undone', { name: 'undone' }, { headers }, '/rest/v1/item');
      equal(answer.status, 201);
      equal(answer.headers.get('idempotency-replayed'), null);
    }
    await front.set({ dbTxEnd: null as unknown as 'commit' });
    equal(await count("name = 'undone'"), 0);
  });

  for (const code of ['MGONC', 'MF431', 'MF432']) {
    it(`does not believe a trigger that raises ${code}`, async () => {
      const answer = await post(randomUUID(), { name: `raise ${code}` });
      equal(answer.status, 500);
      equal(answer.headers.get('idempotency-replayed'), null);
    });
  }

  it('says so when the answer was too long to be kept', async () => {
    const key = randomUUID();
    const body = { name: 'long' };
    equal((await post(key, body)).status, 201);
    const again = await post(key, body);
    equal(again.status, 409);
    equal(again.body.code, 'MF433');
    equal(await count("name = 'long'"), 1);
  });

  it('forgets after a day, and clears up behind itself', async () => {
    const key = randomUUID();
    equal((await post(key, { note: 'expires' })).status, 201);
    const admin = await (await testCluster()).superuser((await database()) as string);
    try {
      await admin.query("update mg_sys.idempotency set expires_at = now() - interval '1 second'");
      const old = Number((await admin.query('select count(*) as n from mg_sys.idempotency')).rows[0].n);
      const again = await post(key, { note: 'expires' });
      equal(again.status, 201);
      equal(again.headers.get('idempotency-replayed'), null);
      const left = Number((await admin.query('select count(*) as n from mg_sys.idempotency')).rows[0].n);
      equal(left, Math.max(1, old - 10));
      const kept = await admin.query(
        'select extract(epoch from expires_at - now()) as s from mg_sys.idempotency where expires_at > now()',
      );
      equal(kept.rowCount, 1);
      ok(Math.abs(Number(kept.rows[0].s) - 86_400) < 60);
    } finally {
      await admin.end();
    }
  });

  it('is swept where no further write comes', async () => {
    const { storage } = await testCluster();
    await post(randomUUID(), { note: 'swept' });
    const admin = await (await testCluster()).superuser(String(await database()));
    try {
      await admin.query('update mg_sys.idempotency set expires_at = now()');
      await post(randomUUID(), { note: 'stays' });
      await storage.watch(front.project);
      await storage.sweepAnswers();
      const { rows } = await admin.query('select answer from mg_sys.idempotency');
      equal(rows.length, 1);
      match(rows[0].answer, /stays/);
    } finally {
      await admin.end();
    }
  });

  const database = async () => (await front.query('select current_database() as name'))[0]?.['name'];

  for (const [what, key] of [
    ['an empty one', ''],
    ['a blank', '   '],
    ['two of them', 'a, b'],
    ['an open quote', '"abc'],
    ['more than 255 characters', 'x'.repeat(256)],
  ] as const) {
    it(`refuses a malformed key: ${what}`, async () => {
      const answer = await post(key, { note: 'malformed' });
      equal(answer.status, 400);
      equal(answer.body.code, 'MF100');
      equal(await count("note = 'malformed'"), 0);
    });
  }

  it('takes a key with quotes for the same as without', async () => {
    const key = randomUUID();
    await post(key, { note: 'quotes' });
    equal((await post(`"${key}"`, { note: 'quotes' })).headers.get('idempotency-replayed'), 'true');
  });

  it('means nothing for a read', async () => {
    const answer = await front.send('GET', '/api/item?limit=1', { headers: { 'idempotency-key': 'a b c' } });
    equal(answer.status, 200);
  });

  it('refuses in the shape of PostgREST below /rest/v1', async () => {
    const key = randomUUID();
    await post(key, { note: 'shape' }, {}, '/rest/v1/item');
    const { status, body } = await post(key, { note: 'other' }, {}, '/rest/v1/item');
    equal(status, 422);
    deepEqual(Object.keys(body).sort(), ['code', 'details', 'hint', 'message']);
    match(body.message, /another request/);
  });

  describe('in the hands of a hostile role', () => {
    let admin: Client;
    before(async () => {
      admin = await (await testCluster()).superuser((await database()) as string);
    });
    after(() => admin.end());
    const digest = `'\\x${'ab'.repeat(32)}'::bytea`;
    for (const [statement, code] of [
      ['select * from mg_sys.idempotency', '42501'],
      [`insert into mg_sys.idempotency values (${digest}, 0, ${digest}, '{}', now())`, '42501'],
      ['update mg_sys.idempotency set answer = null', '42501'],
      ['delete from mg_sys.idempotency', '42501'],
      ['truncate mg_sys.idempotency', '42501'],
      ["select mg_sys.keep_answer('short', 'short', 0, '{}')", '23514'],
      [`select mg_sys.keep_answer(${digest}, ${digest}, 201, '{}')`, '23514'],
    ] as const) {
      it(`${code}: ${statement.slice(0, 50)}`, async () => {
        await admin.query('begin');
        try {
          await admin.query('set local role anon');
          await admin.query(statement).then(
            () => ok(false, 'was not refused'),
            (error: { code: string }) => equal(error.code, code),
          );
        } finally {
          await admin.query('rollback');
        }
      });
    }

    it('a key that nobody told it opens nothing', async () => {
      await admin.query('begin');
      await admin.query('set local role anon');
      const { rows } = await admin.query(`select mg_sys.kept_answer(${digest}, ${digest}) as kept`);
      await admin.query('rollback');
      equal(rows[0].kept, null);
    });

    it('one who knows a key does not change its answer', async () => {
      const key = randomUUID();
      const first = await post(key, { note: 'victim' });
      const { rows } = await admin.query(
        'select key, request from mg_sys.idempotency order by expires_at desc limit 1',
      );
      await admin.query('begin');
      await admin.query('set local role anon');
      await admin
        .query('select mg_sys.keep_answer($1, $2, 0, \'{"body":"forged"}\')', [rows[0].key, rows[0].request])
        .then(
          () => ok(false, 'was not refused'),
          (error: { code: string }) => equal(error.code, 'MF432'),
        );
      await admin.query('rollback');
      equal((await post(key, { note: 'victim' })).text, first.text);
    });

    it('nobody has a right to the functions who was not given it', async () => {
      const { rows } = await admin.query(
        "select has_function_privilege('public', 'mg_sys.kept_answer(bytea,bytea)', 'execute') as kept",
      );
      equal(rows[0].kept, false);
    });
  });
});
