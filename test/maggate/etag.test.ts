import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict';
import { testCluster } from '../support/test-cluster.ts';
import { type DataFront, type FrontOptions, openFront } from './data-front.ts';

const ddl = `
create table item (
  id int generated always as identity primary key, name text, at timestamptz default '2020-01-01T00:00:00Z',
  tags text[], doc json, big text, double int generated always as (1) stored, row_tag text
);
insert into item (name, doc, tags) values ('one', '{"a": 1}', '{x,y}'), ('two', null, null);
insert into item (name, big) values ('long', repeat('lorem ipsum ', 500));
create table pair (a text, b text, n int, primary key (a, b));
insert into pair values ('x,1', 'y', 1);
create view shown as select id, name from item;
create table partly (id int primary key, seen text, hidden text);
insert into partly values (1, 'seen', 'hidden');
grant select (id, seen), update (seen) on partly to anon;
alter table partly enable row level security;
create policy reads on partly for select to anon using (true);
create policy writes on partly for update to anon using (true);
create table mine (id int primary key, owner text, n int);
insert into mine values (1, 'k1', 0), (2, 'k2', 0);
grant select, update, delete on mine to anon;
alter table mine enable row level security;
create policy own on mine to anon
  using (owner = current_setting('request.jwt.claims')::json ->> 'sub') with check (true);
create function touch() returns trigger language plpgsql as $$ begin new.n := new.n + 100; return new; end $$;
create trigger touch before update on mine for each row execute function touch();
create function impostor() returns trigger language plpgsql as $$
begin raise exception using errcode = 'MF412', message = 'trust me'; end $$;
create table trap (id int primary key, n int);
insert into trap values (1, 1);
create trigger impostor before update on trap for each row execute function impostor();
create table item_part (id int primary key, item int references item);
`;

const strong = /^"[A-Za-z0-9+/]{22}"$/;

describe('ETag and If-Match of a row', function () {
  this.timeout(40_000);
  let front: DataFront;
  before(async () => {
    front = await openFront(ddl);
  });
  after(() => front?.close());

  const tagOf = async (target = '/api/item/1', options?: FrontOptions) =>
    (await front.send('GET', target, options)).headers.get('etag') as string;
  const ifMatch = (tag: string, body?: unknown): FrontOptions => ({ body, headers: { 'if-match': tag } });

  describe('a read', () => {
    it('has a strong tag, once, and the same again', async () => {
      const one = await tagOf();
      match(one, strong);
      equal(await tagOf(), one);
      equal((await front.send('HEAD', '/api/item/1')).headers.get('etag'), one);
      notEqual(await tagOf('/api/item/2'), one);
    });
    it('has the same one when all columns are named in their order', async () => {
      const all = Object.keys((await front.send('GET', '/api/item/1')).body.data);
      equal(await tagOf(`/api/item/1?fields=${all.join(',')}`), await tagOf());
      match(await tagOf(`/api/item/1?fields=${all.reverse().join(',')}`), /^W\//);
    });
    for (const value of ['ä€😀"\\\u2028', '{"a":  1}', '1e400', '2020-01-01 00:00:00.000001+05:30', '']) {
      it(`is of the same bytes here and in the database: ${JSON.stringify(value)}`, async () => {
        await front.send('PATCH', '/api/item/1', { body: { name: value, big: value } });
        const read = await tagOf();
        const options = {
          body: { big: `${value}.` },
          headers: { 'if-match': read, prefer: 'return=minimal' },
        };
        const written = await front.send('PATCH', '/api/item/1', options);
        equal(written.status, 204);
        equal(written.headers.get('etag'), await tagOf());
      });
    }
    it('shows the columns in their order, and no tag among them', async () => {
      const { body } = await front.send('GET', '/api/item/1?fields=row_tag,name,tags,doc,at,id,big,double');
      deepEqual(Object.keys(body.data), ['row_tag', 'name', 'tags', 'doc', 'at', 'id', 'big', 'double']);
    });
    it('has a weak one of its body when it shows some columns', async () => {
      match(await tagOf('/api/item/1?fields=id,name'), /^W\//);
    });
    it('works for who may read some columns only', async () => {
      const { status, body } = await front.send('GET', '/api/partly/1?fields=id,seen', { role: 'anon' });
      equal(status, 200);
      deepEqual(body.data, { id: 1, seen: 'seen' });
    });
    it('of a row that is not there is 404', async () => {
      equal((await front.send('GET', '/api/item/99')).status, 404);
    });
    for (const [what, list] of [
      ['the tag', (tag: string) => tag],
      ['a list with it', (tag: string) => `"x", ${tag}`],
      ['it made weak', (tag: string) => `W/${tag}`],
      ['a star', () => '*'],
    ] as const) {
      it(`is 304 when If-None-Match has ${what}`, async () => {
        const tag = await tagOf();
        const { status, text, headers } = await front.send('GET', '/api/item/1', {
          headers: { 'if-none-match': list(tag) },
        });
        equal(status, 304);
        equal(text, '');
        equal(headers.get('etag'), tag);
      });
    }
    it('has a tag of its own when it is compressed, which counts for the row all the same', async () => {
      const plain = await tagOf('/api/item/3', { headers: { 'accept-encoding': 'identity' } });
      const packed = await tagOf('/api/item/3', { headers: { 'accept-encoding': 'gzip' } });
      equal(packed, plain.replace(/"$/, '-gzip"'));
      const again = await front.send('GET', '/api/item/3', { headers: { 'if-none-match': packed } });
      equal(again.status, 304);
      equal((await front.send('PATCH', '/api/item/3', ifMatch(packed, { name: 'packed' }))).status, 200);
    });
    it('of a list has a weak one', async () => {
      match(await tagOf('/api/item'), /^W\//);
    });
  });

  describe('a write with If-Match', () => {
    for (const [method, body] of [
      ['PATCH', { name: 'changed' }],
      ['PUT', { name: 'replaced' }],
    ] as const) {
      it(`${method}: is done for the tag, and answers the next one`, async () => {
        const { status, headers } = await front.send(method, '/api/item/1', ifMatch(await tagOf(), body));
        equal(status, 200);
        match(headers.get('etag') ?? '', strong);
        equal(headers.get('etag'), await tagOf());
      });
      it(`${method}: is 412 for the tag of an earlier version, and says the one of now`, async () => {
        const old = await tagOf();
        await front.sql("update item set doc = '{\"elsewhere\": true}', name = name || '+' where id = 1");
        const answer = await front.send(method, '/api/item/1', ifMatch(old, body));
        const now = await tagOf();
        equal(answer.status, 412);
        equal(answer.headers.get('content-type'), 'application/problem+json');
        equal(answer.body.code, 'MF412');
        equal(answer.headers.get('etag'), now);
        equal(answer.body.etag, now);
        match((await front.send('GET', '/api/item/1')).body.data.name, /\+$/);
      });
      it(`${method}: of a row that is not there is 404`, async () => {
        equal((await front.send(method, '/api/item/99', ifMatch('"x"', body))).status, 404);
      });
    }

    const lists: readonly [what: string, list: (tag: string) => string, status: number][] = [
      ['a star', () => '*', 200],
      ['a list with the tag', (tag) => `"a", ${tag} ,"b"`, 200],
      ['another tag', () => '"another"', 412],
      ['the tag made weak', (tag) => `W/${tag}`, 412],
      ['a list of others', (tag) => `"a", W/${tag}`, 412],
      ['a tag with what arrays mean', () => '"a,b{}\\"', 412],
      ['a tag without quotes', (tag) => tag.replaceAll('"', ''), 400],
      ['an open quote', () => '"abc', 400],
      ['a star among others', () => '*, "a"', 400],
    ];
    for (const [what, list, status] of lists) {
      it(`${status} for ${what}`, async () => {
        const answer = await front.send(
          'PATCH',
          '/api/item/2',
          ifMatch(list(await tagOf('/api/item/2')), { name: what }),
        );
        equal(answer.status, status, answer.text);
        if (status !== 200) notEqual((await front.send('GET', '/api/item/2')).body.data.name, what);
      });
    }

    it('answers the tag when nothing else is to be answered', async () => {
      const { status, headers } = await front.send('PATCH', '/api/item/2', {
        body: { name: 'minimal' },
        headers: { 'if-match': await tagOf('/api/item/2'), prefer: 'return=minimal' },
      });
      equal(status, 204);
      equal(headers.get('etag'), await tagOf('/api/item/2'));
    });
    it('answers the tag of what a trigger made of the row', async () => {
      const { body, headers } = await front.send('PATCH', '/api/mine/1', { body: { n: 1 } });
      equal(body.data.n, 101);
      equal(headers.get('etag'), await tagOf('/api/mine/1'));
    });
    it('deletes for the tag, and not for another', async () => {
      await front.sql("insert into pair values ('d', 'e', 1)");
      const tag = await tagOf('/api/pair/d,e');
      equal((await front.send('DELETE', '/api/pair/d,e', ifMatch('"x"'))).status, 412);
      await front.sql("update pair set n = 2 where a = 'd'");
      equal((await front.send('DELETE', '/api/pair/d,e', ifMatch(tag))).status, 412);
      equal((await front.send('DELETE', '/api/pair/d,e', ifMatch(await tagOf('/api/pair/d,e')))).status, 204);
      equal((await front.send('DELETE', '/api/pair/d,e', ifMatch(tag))).status, 404);
    });
    it('of a composite key', async () => {
      const tag = await tagOf('/api/pair/x%2C1,y');
      equal((await front.send('PATCH', '/api/pair/x%2C1,y', ifMatch(tag, { n: 2 }))).status, 200);
      equal((await front.send('PATCH', '/api/pair/x%2C1,y', ifMatch(tag, { n: 3 }))).status, 412);
    });
    it('without the header is done whatever the row is', async () => {
      equal((await front.send('PATCH', '/api/item/2', { body: { name: 'free' } })).status, 200);
    });
    it('lets a row that the caller may not see be not there, whatever its tag', async () => {
      const theirs = await tagOf('/api/mine/2');
      for (const tag of [theirs, '"x"']) {
        const answer = await front.send('PATCH', '/api/mine/2', { role: 'anon', ...ifMatch(tag, { n: 5 }) });
        equal(answer.status, 404);
        ok(!answer.text.includes('etag'));
      }
      const own = await tagOf('/api/mine/1', { role: 'anon' });
      equal(
        (await front.send('PATCH', '/api/mine/1', { role: 'anon', ...ifMatch(own, { n: 5 }) })).status,
        200,
      );
    });
    it('is 403 for who may not read all of the row', async () => {
      const answer = await front.send('PATCH', '/api/partly/1?fields=seen', {
        role: 'anon',
        ...ifMatch('"x"', { seen: 'new' }),
      });
      equal(answer.status, 403);
      const free = await front.send('PATCH', '/api/partly/1?fields=seen', {
        role: 'anon',
        body: { seen: 'new' },
      });
      equal(free.status, 200);
    });
    it('does not believe a trigger that raises MF412', async () => {
      const answer = await front.send('PATCH', '/api/trap/1', ifMatch('*', { n: 2 }));
      equal(answer.status, 500);
      equal(answer.headers.get('etag'), null);
    });
    it('refuses to pass it over for rows of several tables', async () => {
      await front.reload();
      const body = { name: 'tree', item_part: [{ id: 1 }] };
      const answer = await front.send('PATCH', '/api/item/2', ifMatch(await tagOf('/api/item/2'), body));
      equal(answer.status, 400);
    });
  });

  it('loses no update: of ten who read the same version one writes', async () => {
    const tag = await tagOf('/api/item/2');
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, n) =>
        front.send('PATCH', '/api/item/2', ifMatch(tag, { name: `writer ${n}` })),
      ),
    );
    deepEqual(answers.map(({ status }) => status).sort(), [200, ...Array.from({ length: 9 }, () => 412)]);
  });

  it('asks again when another transaction changed the row in between', async () => {
    const tag = await tagOf('/api/item/2');
    const [row] = await front.query('select current_database() as name');
    const other = await (await testCluster()).superuser(String(row?.['name']));
    try {
      await other.query('begin');
      await other.query("update item set name = 'in between' where id = 2");
      const waiting = front.send('PATCH', '/api/item/2', ifMatch(tag, { name: 'too late' }));
      while ((await other.query('select from pg_locks where not granted')).rowCount === 0) {
        // It is on its way to the row.
      }
      await other.query('commit');
      equal((await waiting).status, 412);
    } finally {
      await other.end();
    }
    equal((await front.send('GET', '/api/item/2')).body.data.name, 'in between');
  });

  it('goes with an Idempotency-Key: the answer that is given again has the tag', async () => {
    const tag = await tagOf('/api/item/2');
    const send = () =>
      front.send('PATCH', '/api/item/2', {
        body: { name: 'once' },
        headers: { 'if-match': tag, 'idempotency-key': 'etag-once' },
      });
    const first = await send();
    const again = await send();
    equal(first.status, 200);
    equal(again.status, 200);
    equal(again.headers.get('idempotency-replayed'), 'true');
    equal(again.headers.get('etag'), first.headers.get('etag'));
  });
});
