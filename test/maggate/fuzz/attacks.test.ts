import assert from 'node:assert/strict';
import type { Plan } from '../../../runtime/protocol/plan.protocol.ts';
import { openRest, type Rest, type RestOptions } from '../rest/rest-harness.ts';

const ddl = `
create schema hidden;
create table hidden.vault (id int primary key, word text);
insert into hidden.vault values (1, 'CANARY');
create function hidden.peek() returns text language sql security definer as 'select word from hidden.vault';
create table items (id int primary key, name text, doc jsonb, tags text[], secret text unique);
insert into items values (1, 'one', '{"a":{"b":1}}', '{x}', 'CANARY');
create table notes (id int primary key, item int references items, owner text);
insert into notes values (1, 1, 'me'), (2, 1, 'CANARY');
alter table notes enable row level security;
create policy mine on notes to anon using (owner = 'me') with check (owner = 'me');
grant select (id, name, doc, tags), insert (id, name, doc, tags), update (id, name, doc, tags) on items to anon;
grant select, insert, update, delete on notes to anon;
create function echo(text text, n int default 0) returns text language sql stable as 'select $1';
create function setting(name text) returns text language sql stable as 'select current_setting(name, true)';
create function rows_of() returns setof notes language sql stable as 'select * from notes';
create function guarded() returns text language sql security definer as $$ select 'CANARY' $$;
revoke execute on function guarded() from public;
`;

const payloads = [
  "'; drop table items; --",
  '"; drop table items; --',
  '"); drop table items; --',
  '\\"; drop table items; --',
  'x" from hidden.vault; --',
  '(select word from hidden.vault)',
  'word from hidden.vault--',
  'text) from hidden.vault; --',
  'text) , (select secret from items limit 1',
  'regclass',
  'items.secret',
  'public.items',
  'hidden.vault',
  'pg_catalog.pg_authid',
  'secret',
  'to_jsonb',
  'row_to_json',
  'hash_record',
  'pg_sleep',
  'xmin',
  'ctid',
  '*',
  '**',
  '$1',
  '$1); --',
  '$$',
  '%',
  '%%s',
  '\\',
  '\u0000',
  'a\u0000b',
  '\n',
  '\r\nx-evil: 1',
  '\u202eRTL',
  '\ud800',
  '\uFEFF',
  'ﬀ',
  '"',
  '""',
  "'",
  "E'\\x27'",
  "U&'\\0041'",
  'null',
  'count()',
  'id.sum()',
  '->',
  '->>x',
  "doc->>'a",
  '::text',
  '...',
  'a!b!c(d)',
  '((((',
  'and(',
  '{',
  '{"a',
  '',
  ' ',
  'a'.repeat(5000),
];

type Attack = readonly [method: string, target: string, options?: RestOptions];
const enc = (text: string) => encodeURIComponent(text.toWellFormed());
const quoted = (text: string) => enc(`"${text.replaceAll(/["\\]/g, '\\$&')}"`);
const representation = { prefer: 'return=representation' };

/** Each place of a request where a caller's text stands. */
const places: Readonly<Record<string, (text: string) => Attack>> = {
  'a table': (text) => ['GET', `/${enc(text)}`],
  'a function': (text) => ['POST', `/rpc/${enc(text)}`, { body: {} }],
  'a selected column': (text) => ['GET', `/items?select=${enc(text)}`],
  'a quoted column': (text) => ['GET', `/items?select=${quoted(text)}`],
  'an alias': (text) => ['GET', `/items?select=${quoted(text)}:id`],
  'a cast': (text) => ['GET', `/items?select=id::${enc(text)}`],
  'the cast of an aggregate': (text) => ['GET', `/items?select=id.sum()::${enc(text)}`],
  'an aggregate': (text) => ['GET', `/items?select=id.${enc(text)}()`],
  'a JSON key': (text) => ['GET', `/items?select=x:doc->${quoted(text)}`],
  'a JSON key that is tested': (text) => ['GET', `/items?select=id&doc->${quoted(text)}=eq.1`],
  'a relation': (text) => ['GET', `/items?select=id,${quoted(text)}(*)`],
  'a hint': (text) => ['GET', `/items?select=id,notes!${quoted(text)}(*)`],
  'an alias of a relation': (text) => ['GET', `/items?select=id,${quoted(text)}:notes(*)`],
  'a column of a spread': (text) => ['GET', `/notes?select=id,...items(${quoted(text)})`],
  'a column that is tested': (text) => ['GET', `/items?select=id&${quoted(text)}=eq.CANARY`],
  'a column that is tested in a tree': (text) => [
    'GET',
    `/items?select=id&or=(${quoted(text)}.eq.1,id.eq.1)`,
  ],
  'an operator': (text) => ['GET', `/items?select=id&id=${enc(text)}.1`],
  'a value': (text) => ['GET', `/items?select=id&name=eq.${enc(text)}`],
  'a value of a number': (text) => ['GET', `/items?select=id&id=eq.${enc(text)}`],
  'a pattern': (text) => ['GET', `/items?select=id&name=match.${enc(text)}`],
  'an item of a list': (text) => ['GET', `/items?select=id&name=in.(${quoted(text)})`],
  'an array': (text) => ['GET', `/items?select=id&tags=cs.${enc(text)}`],
  'a test': (text) => ['GET', `/items?select=id&name=is.${enc(text)}`],
  'a language': (text) => ['GET', `/items?select=id&name=fts(${enc(text)}).x`],
  'an order': (text) => ['GET', `/items?select=id&order=${quoted(text)}.desc`],
  'an order, bare': (text) => ['GET', `/items?select=id&order=${enc(text)}`],
  'a related order': (text) => ['GET', `/notes?select=id,items(id)&order=items(${quoted(text)})`],
  'a limit': (text) => ['GET', `/items?select=id&limit=${enc(text)}`],
  'a path': (text) => ['GET', `/items?select=id,notes(id)&${quoted(text)}.id=eq.1`],
  'a column of columns=': (text) => ['POST', `/items?columns=${quoted(text)}`, { body: [{ [text]: 'x' }] }],
  'a key of a body': (text) => ['POST', '/items', { body: { id: 5, [text]: 'x' } }],
  'a value of a body': (text) => ['PATCH', '/items?id=eq.1', { body: { name: text } }],
  'a target of conflicts': (text) => [
    'POST',
    `/items?on_conflict=${quoted(text)}`,
    { body: { id: 1 }, headers: { prefer: 'resolution=merge-duplicates' } },
  ],
  'what a write shows': (text) => [
    'PATCH',
    `/items?id=eq.1&select=${quoted(text)}`,
    { body: { name: 'x' }, headers: representation },
  ],
  'what a deletion tests': (text) => ['DELETE', `/notes?${quoted(text)}=eq.CANARY`],
  'an argument': (text) => ['GET', `/rpc/echo?text=${enc(text)}`],
  'the name of an argument': (text) => ['GET', `/rpc/echo?${enc(text)}=1`],
  'the name of an argument in a body': (text) => ['POST', '/rpc/echo', { body: { [text]: 1 } }],
  'a column of rows that a function gives': (text) => ['GET', `/rpc/rows_of?select=${quoted(text)}`],
  'a media type': (text) => ['GET', '/items?select=id', { headers: { accept: text } }],
  'a parameter of a media type': (text) => [
    'GET',
    '/items?select=id',
    { headers: { accept: `application/vnd.pgrst.plan+json; options=${text}` } },
  ],
  'the type of a body': (text) => ['POST', '/items', { body: { id: 5 }, headers: { 'content-type': text } }],
  'a schema to read': (text) => ['GET', '/items?select=id', { headers: { 'accept-profile': text } }],
  'a schema to write': (text) => [
    'POST',
    '/items',
    { body: { id: 5 }, headers: { 'content-profile': text } },
  ],
  'a preference': (text) => ['GET', '/items?select=id', { headers: { prefer: text } }],
  'a time zone': (text) => ['GET', '/items?select=id', { headers: { prefer: `timezone=${text}` } }],
  'a range': (text) => ['GET', '/items?select=id', { headers: { range: text } }],
  'a header': (text) => ['GET', '/items?select=id', { headers: { 'x-one': text } }],
  'a cookie': (text) => ['GET', '/items?select=id', { headers: { cookie: `a=${text}` } }],
  'a CSV body': (text) => [
    'POST',
    '/items',
    { text: `id,${text}\n5,x`, headers: { 'content-type': 'text/csv' } },
  ],
};

describe('attacks on /rest/v1', function () {
  this.timeout(60_000);
  let rest: Rest;
  before(async () => {
    rest = await openRest(ddl, { dbAggregatesEnabled: true, dbTxEnd: 'rollback', dbPlanEnabled: true });
  });
  after(() => rest.close());

  const attack = async (method: string, target: string, options: RestOptions = {}) => {
    const answer = await rest.call(method, target, { role: 'anon', ...options });
    const told = `${method} ${target.slice(0, 300)} ${JSON.stringify(options).slice(0, 300)}: ${answer.status} ${answer.text.slice(0, 300)}`;
    // What is too long or too deep for PostgreSQL (54…) is 500 in PostgREST's own table.
    assert.ok(answer.status < 500 || /^54/.test(answer.code ?? ''), told);
    // What the caller wrote may come back; nothing else may hold the word.
    const asked = target.includes('CANARY') || JSON.stringify(options).includes('CANARY');
    if (!asked) assert.ok(!answer.text.includes('CANARY'), told);
    else assert.ok(answer.status >= 400 || !JSON.stringify(answer.body ?? '').includes('CANARY'), told);
    for (const value of Object.values(answer.headers)) assert.ok(!/[\r\n\0]/.test(value), told);
    return answer;
  };

  for (const [place, make] of Object.entries(places)) {
    it(`${place} does no harm`, async () => {
      for (const payload of payloads) await attack(...make(payload));
      const [row] = await rest.query(`select (select count(*)::int from items) as items,
        (select count(*)::int from notes) as notes, (select count(*)::int from hidden.vault) as vault`);
      assert.deepEqual(row, { items: 1, notes: 2, vault: 1 });
    });
  }

  for (const schema of [
    'pg_catalog',
    'mg_sys',
    'auth',
    'information_schema',
    'pg_temp',
    'hidden',
    'PUBLIC',
    'pg_toast',
    '"public"',
    'public,hidden',
  ]) {
    it(`the schema ${schema} is not offered`, async () => {
      for (const [method, header] of [
        ['GET', 'accept-profile'],
        ['POST', 'content-profile'],
      ] as const) {
        for (const target of ['/vault', '/pg_class', '/outbox', '/rpc/jwt', '/rpc/peek']) {
          const answer = await attack(method, target, {
            role: 'service_role',
            headers: { [header]: schema },
            ...(method === 'POST' ? { body: {} } : {}),
          });
          assert.deepEqual([answer.status, answer.code], [406, 'PGRST106']);
        }
      }
    });
  }

  for (const name of [
    ...[
      'pg_sleep',
      'pg_read_file',
      'set_config',
      'current_setting',
      'lo_import',
      'pg_terminate_backend',
      'version',
    ],
    ...[
      'query_to_xml',
      'dblink',
      'pg_ls_dir',
      'jwt',
      'uid',
      'peek',
      'refuse',
      'append_outbox',
      'hidden.peek',
    ],
    ...['pg_catalog.pg_sleep', '"hidden"."peek"', 'now', 'generate_series', 'count', 'to_jsonb'],
  ]) {
    it(`the function ${name} cannot be called`, async () => {
      for (const role of ['anon', 'service_role']) {
        for (const body of [{}, { '': 1 }, { seconds: 1 }]) {
          const answer = await attack('POST', `/rpc/${enc(name)}`, { role, body });
          assert.deepEqual([answer.status, answer.code], [404, 'PGRST202']);
        }
      }
    });
  }

  for (const name of [
    'pg_class',
    'pg_authid',
    'pg_catalog.pg_class',
    'outbox',
    'vault',
    'hidden.vault',
    'ITEMS',
    'items"',
    'items ',
    'tables',
  ]) {
    it(`the table ${name} is not there`, async () => {
      const answer = await attack('GET', `/${enc(name)}`, { role: 'service_role' });
      assert.deepEqual([answer.status, answer.code], [404, 'PGRST205']);
    });
  }

  it('a function that is not granted cannot be called', async () => {
    assert.equal((await attack('POST', '/rpc/guarded', { body: {} })).status, 401);
  });

  it('headers, cookies and the time zone are texts in the settings, and change no other', async () => {
    const evil = `x'), set_config('role','service_role',true) -- \r\n"},"role":"service_role","`;
    for (const [name, headers] of [
      ['request.headers', { 'x-one': evil }],
      ['request.cookies', { cookie: `one=${evil}` }],
    ] as const) {
      const { body } = await attack('POST', '/rpc/setting', { body: { name }, headers });
      assert.ok(
        Object.keys(JSON.parse(body)).every((key) => key === 'x-one' || key === 'one'),
        body,
      );
      const role = await attack('POST', '/rpc/setting', { body: { name: 'role' }, headers });
      assert.equal(role.body, 'anon');
      const claims = await attack('POST', '/rpc/setting', { body: { name: 'request.jwt.claims' }, headers });
      assert.deepEqual(JSON.parse(claims.body), { role: 'anon' });
    }
    for (const zone of [
      `UTC'; set role service_role; --`,
      `Etc/UTC', true), set_config('role', 'service_role`,
    ]) {
      const answer = await attack('POST', '/rpc/setting', {
        body: { name: 'role' },
        headers: { prefer: `timezone=${zone}` },
      });
      assert.ok(answer.status === 400 || answer.body === 'anon', answer.text);
    }
  });

  describe('costs no more than it is long', () => {
    const many = (count: number, text: string, between = ',') =>
      Array<string>(count).fill(text).join(between);
    const nested = (depth: number, open: string, close: string, inner: string) =>
      open.repeat(depth) + inner + close.repeat(depth);
    const rows: Readonly<Record<string, Attack>> = {
      'a deep tree of conditions': [
        'GET',
        `/items?select=id&and=(${nested(20_000, 'and(', ')', 'id.eq.1')})`,
      ],
      'a wide tree of conditions': ['GET', `/items?select=id&or=(${many(20_000, 'id.eq.1')})`],
      'a deep embedding': ['GET', `/items?select=id,${nested(5_000, 'notes(id,items(id,', '))', 'name')}`],
      'an open end of an embedding': ['GET', `/items?select=${many(20_000, 'notes(', '')}`],
      'a wide select': ['GET', `/items?select=${many(20_000, 'id')}`],
      'many relations': [
        'GET',
        `/items?select=id,${Array.from({ length: 300 }, (_, n) => `n${n}:notes(id)`).join(',')}`,
      ],
      'many filters': ['GET', `/items?select=id&${many(20_000, 'id=eq.1', '&')}`],
      'many empty parameters': ['GET', `/items?select=id&${many(50_000, '', '&')}`],
      'a long JSON path': ['GET', `/items?select=x:doc${many(20_000, '->a', '')}`],
      'many orders': ['GET', `/items?select=id&order=${many(20_000, 'id')}`],
      'a long list': ['GET', `/items?select=id&id=in.(${many(100_000, '1')})`],
      'a list that never ends': ['GET', `/items?select=id&name=in.(${'"'.repeat(50_001)}`],
      'a long quoted name': ['GET', `/items?select=${enc(`"${'\\"'.repeat(50_000)}`)}`],
      'many columns of columns=': ['POST', `/items?columns=${many(100_000, 'id')}`, { body: { id: 5 } }],
      'many unknown columns': [
        'POST',
        `/items?columns=${Array.from({ length: 20_000 }, (_, n) => `c${n}`).join(',')}`,
        { body: { id: 5 } },
      ],
      'a deep body': ['POST', '/items', { text: `{"id":5,"doc":${nested(50_000, '[', ']', '1')}}` }],
      'many keys': [
        'POST',
        '/items',
        { text: `{${Array.from({ length: 50_000 }, (_, n) => `"k${n}":1`).join(',')}}` },
      ],
      'keys that come again': ['POST', '/items', { text: `{${many(50_000, '"id":5')}}` }],
      'many commas of a header': ['GET', '/items?select=id', { headers: { accept: many(50_000, '*/*') } }],
      'many preferences': ['GET', '/items?select=id', { headers: { prefer: many(50_000, 'a=b') } }],
      'many parameters of a media type': [
        'GET',
        '/items?select=id',
        { headers: { accept: `application/json${many(50_000, ';a=b', '')}` } },
      ],
      'many cookies': ['GET', '/items?select=id', { headers: { cookie: many(50_000, 'a=b', ';') } }],
      'many quotes of a CSV': [
        'POST',
        '/items',
        { text: `id\n${'"'.repeat(50_001)}`, headers: { 'content-type': 'text/csv' } },
      ],
      'a pattern that backtracks': ['GET', `/items?select=id&name=match.${enc(`${'(a*)*'.repeat(20)}b`)}`],
      'a long name of a function': ['POST', `/rpc/${'x'.repeat(50_000)}`, { body: {} }],
      'a long name of a table': ['GET', `/${'x'.repeat(50_000)}`],
    };
    const planNow = (method: string, target: string, options?: RestOptions): Partial<Plan> => {
      try {
        return rest.plan(method, target, { role: 'anon', ...options }) as Partial<Plan>;
      } catch {
        // A name that is not known is asked for before it is refused: there is no statement.
        return {};
      }
    };
    for (const [what, [method, target, options]] of Object.entries(rows)) {
      it(what, async () => {
        const planned = planNow(method, target, options);
        const length = target.length + JSON.stringify(options ?? {}).length;
        // A level of an embedding names its parent's alias and its own: some hundred characters each.
        assert.ok((planned.sql?.length ?? 0) < 4_000 + 150 * length, `${planned.sql?.length} of ${length}`);
        assert.ok((planned.parameters?.length ?? 0) <= length);
        await attack(method, target, options);
      });
    }
  });

  for (const [what, target, options] of [
    ['a limit beyond 64 bits', '/items?select=id&limit=99999999999999999999999'],
    ['an offset of 2^63', '/items?select=id&offset=9223372036854775808'],
    ['an offset of 2^63 - 1', '/items?select=id&offset=9223372036854775807&limit=9223372036854775807'],
    ['a negative offset', '/items?select=id&offset=-9223372036854775809'],
    [
      'a limit in a relation beyond 64 bits',
      '/items?select=id,notes(id)&notes.limit=99999999999999999999999',
    ],
    ['a range beyond 64 bits', '/items?select=id', { headers: { range: '0-99999999999999999999999' } }],
    ['a range from beyond 64 bits', '/items?select=id', { headers: { range: '99999999999999999999999-' } }],
    ['an index beyond 32 bits', '/items?select=x:doc->99999999999'],
    ['an index beyond 64 bits', '/items?select=x:doc->-99999999999999999999999'],
    ['bytes that are no UTF-8', '/items?select=id&name=eq.%ff%c0%80'],
    ['half a surrogate pair in UTF-8', '/items?select=id&name=eq.%ed%a0%80'],
    ['a broken percent sign', '/items?select=id&name=eq.%&x=%zz'],
    ['a NUL in a value', '/items?select=id&name=eq.%00'],
    ['a NUL in a name', '/items?select=%22a%00%22'],
    ['a NUL in a path', '/items%00'],
    [
      'max-affected beyond 64 bits',
      '/items?select=id',
      { headers: { prefer: 'handling=strict,max-affected=99999999999999999999' } },
    ],
  ] as readonly (readonly [string, string, RestOptions?])[]) {
    it(`${what} is answered`, async () => {
      await attack('GET', target, options);
      if (options === undefined) {
        await attack('PATCH', target.replace('select=id&', ''), { body: { name: 'x' } });
        await attack('DELETE', target.replace('/items', '/notes').replace('select=id&', ''));
      }
    });
  }

  for (const [what, text] of [
    ['half a surrogate pair', '{"id":5,"name":"\\ud800"}'],
    ['an escaped NUL', '{"id":5,"name":"\\u0000"}'],
    ['a NUL', '{"id":5,"name":"\0"}'],
    ['an escaped NUL in JSON', '{"id":5,"doc":{"a":"\\u0000"}}'],
    ['an escaped NUL in a key', '{"id":5,"na\\u0000me":"x"}'],
    ['a number beyond all types', '{"id":1e400}'],
    ['a long number', `{"id":${'9'.repeat(10_000)}}`],
    ['keys of prototypes', '{"id":5,"__proto__":{"x":1},"constructor":1,"toString":2}'],
    ['a body that is no object', '[1,"x",null,[{}]]'],
    ['a body that is a text', '"x"'],
    ['null', 'null'],
    ['nothing', ''],
    ['two documents', '{"id":5}{"id":6}'],
    ['a byte order mark', '\ufeff{"id":5}'],
  ] as const) {
    it(`a body with ${what} is answered`, async () => {
      for (const [method, target] of [
        ['POST', '/items'],
        ['POST', '/items?columns=id,name,doc'],
        ['PATCH', '/items?id=eq.1'],
        ['PUT', '/items?id=eq.5'],
        ['POST', '/rpc/echo'],
      ] as const) {
        await attack(method, target, { text });
        await attack(method, target, { text, headers: { prefer: 'missing=default' } });
      }
    });
  }
});
