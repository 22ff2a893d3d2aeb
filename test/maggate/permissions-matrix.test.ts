import assert from 'node:assert/strict';
import type { Client } from 'pg';
import { testCluster } from '../support/test-cluster.ts';
import { openRest, type Rest, type RestAnswer } from './rest/rest-harness.ts';

/** What of a table is granted: every column, `id`, `owner` and `word` but not `secret`, or none. */
const scopes = ['all', 'some', 'none'] as const;
const policies = ['off', 'none', 'own', 'all'] as const;
const visible = 'id, owner, word';

type Scope = (typeof scopes)[number];

interface Place {
  readonly table: string;
  readonly grant: Scope;
  readonly policy: (typeof policies)[number];
}

const places: readonly Place[] = scopes.flatMap((grant) =>
  policies.map((policy) => ({ table: `t_${grant}_${policy}`, grant, policy })),
);

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly query?: string;
  readonly body?: object;
  readonly prefer?: string;
  /** The same in SQL; `body` is what it shows. */
  readonly sql: (table: string) => string;
}

const show = (statement: string, columns: string) =>
  `with w as (${statement} returning ${columns}) select coalesce(json_agg(w), '[]')::text as body from w`;
const silent = (statement: string) => `with w as (${statement} returning 1) select ''::text as body from w`;
const rows = (select: string) => `select coalesce(json_agg(x), '[]')::text as body from (${select}) x`;
const representation = 'return=representation';
const merge = 'resolution=merge-duplicates';

const operations: readonly Operation[] = [
  ...['*', 'id', 'word', 'secret', 'id,secret'].map((columns) => ({
    name: `read ${columns}`,
    method: 'GET',
    query: `select=${columns}&order=id`,
    sql: (table: string) => rows(`select ${columns} from ${table} order by id`),
  })),
  ...['word', 'secret'].flatMap((column) => [
    {
      name: `filter by ${column}`,
      method: 'GET',
      query: `select=id&${column}=eq.s1&order=id`,
      sql: (table: string) => rows(`select id from ${table} where ${column} = 's1' order by id`),
    },
    {
      name: `filter by ${column} in a tree`,
      method: 'GET',
      query: `select=id&or=(not.and(${column}.like.s*),id.eq.2)&order=id`,
      sql: (table: string) =>
        rows(`select id from ${table} where not (${column} like 's%') or id = 2 order by id`),
    },
    {
      name: `order by ${column}`,
      method: 'GET',
      query: `select=id&order=${column}.desc,id`,
      sql: (table: string) => rows(`select id from ${table} order by ${column} desc, id`),
    },
    {
      name: `aggregate ${column}`,
      method: 'GET',
      query: `select=m:${column}.max()`,
      sql: (table: string) => rows(`select max(${column}) as m from ${table}`),
    },
    {
      name: `insert ${column}`,
      method: 'POST',
      body: { id: 9, owner: 'u1', [column]: 'new' },
      sql: (table: string) => silent(`insert into ${table} (id, owner, ${column}) values (9, 'u1', 'new')`),
    },
    {
      name: `insert ${column} of somebody else`,
      method: 'POST',
      body: { id: 9, owner: 'u2', [column]: 'new' },
      sql: (table: string) => silent(`insert into ${table} (id, owner, ${column}) values (9, 'u2', 'new')`),
    },
    {
      name: `update ${column}`,
      method: 'PATCH',
      query: 'id=lt.3',
      body: { [column]: 'new' },
      sql: (table: string) => silent(`update ${table} set ${column} = 'new' where id < 3`),
    },
    {
      name: `update by ${column}`,
      method: 'PATCH',
      query: `${column}=neq.s1`,
      body: { word: 'new' },
      sql: (table: string) => silent(`update ${table} set word = 'new' where ${column} <> 's1'`),
    },
    {
      name: `update and show ${column}`,
      method: 'PATCH',
      query: `id=lt.3&select=id,${column}`,
      body: { word: 'new' },
      prefer: representation,
      sql: (table: string) => show(`update ${table} set word = 'new' where id < 3`, `id, ${column}`),
    },
    {
      name: `delete by ${column}`,
      method: 'DELETE',
      query: `${column}=eq.s1`,
      sql: (table: string) => silent(`delete from ${table} where ${column} = 's1'`),
    },
    {
      name: `delete and show ${column}`,
      method: 'DELETE',
      query: `id=eq.1&select=id,${column}`,
      prefer: representation,
      sql: (table: string) => show(`delete from ${table} where id = 1`, `id, ${column}`),
    },
    {
      name: `upsert ${column}`,
      method: 'POST',
      body: { id: 1, owner: 'u1', [column]: 'new' },
      prefer: merge,
      sql: (table: string) =>
        silent(`insert into ${table} (id, owner, ${column}) values (1, 'u1', 'new') on conflict (id)
          do update set id = excluded.id, owner = excluded.owner, ${column} = excluded.${column}`),
    },
    {
      name: `upsert on ${column}`,
      method: 'POST',
      query: `on_conflict=${column}`,
      body: { id: 9, owner: 'u1', [column]: `${column[0]}1` },
      prefer: 'resolution=ignore-duplicates',
      sql: (table: string) =>
        silent(
          `insert into ${table} (id, owner, ${column}) values (9, 'u1', '${column[0]}1') on conflict (${column}) do nothing`,
        ),
    },
    {
      name: `PUT ${column}`,
      method: 'PUT',
      query: 'id=eq.1',
      body: { id: 1, owner: 'u1', [column]: 'put' },
      sql: (table: string) =>
        silent(`insert into ${table} (id, owner, ${column}) values (1, 'u1', 'put') on conflict (id)
          do update set id = excluded.id, owner = excluded.owner, ${column} = excluded.${column}`),
    },
  ]),
  {
    name: 'insert and show everything',
    method: 'POST',
    body: { id: 9, owner: 'u1' },
    prefer: representation,
    sql: (table) => show(`insert into ${table} (id, owner) values (9, 'u1')`, '*'),
  },
  {
    name: 'insert by columns=',
    method: 'POST',
    query: 'columns=id,owner',
    body: { id: 9, owner: 'u1', secret: 'ignored' },
    sql: (table) => silent(`insert into ${table} (id, owner) values (9, 'u1')`),
  },
  {
    name: 'update the owner away',
    method: 'PATCH',
    query: 'id=eq.1',
    body: { owner: 'u2' },
    sql: (table) => silent(`update ${table} set owner = 'u2' where id = 1`),
  },
  {
    name: 'delete everything',
    method: 'DELETE',
    sql: (table) => silent(`delete from ${table}`),
  },
];

describe('rights of roles on /rest/v1', function () {
  this.timeout(60_000);
  let rest: Rest;
  let direct: Client;
  let custom: string;

  before(async () => {
    const cluster = await testCluster();
    const own = await cluster.superuser('postgres');
    rest = await openRest('select', { dbAggregatesEnabled: true, dbTxEnd: 'rollback' });
    const { project } = await rest.catalog();
    custom = `clerk of ${project}`;
    await own.query(`create role "${custom}"; grant "${custom}" to authenticator_${project}`);
    const { rows: found } = await own.query('select datname from pg_database where datname like $1', [
      `%${project}`,
    ]);
    await own.end();
    direct = await cluster.superuser(found[0].datname);
    await rest.sql(ddl(['anon', 'authenticated', custom]));
    await rest.reload();
  });
  after(async () => {
    await direct.query(`drop owned by "${custom}"; drop role "${custom}"`);
    await direct.end();
    await rest.close();
  });

  /** What PostgreSQL does for the role, without leaving it done. */
  async function asked(role: string, sub: string, sql: string): Promise<string | { readonly code: string }> {
    await direct.query('begin');
    try {
      await direct.query({
        text: `select set_config('request.jwt.claims', $1, true), set_config('role', $2, true)`,
        values: [JSON.stringify({ sub, role }), role],
      });
      const result = await direct.query(sql);
      return (result.rows[0]?.body as string | undefined) ?? '';
    } catch (error) {
      return { code: (error as { code: string }).code };
    } finally {
      await direct.query('rollback');
    }
  }

  function check(expected: string | { readonly code: string }, answer: RestAnswer, what: string): void {
    const told = `${what}: ${answer.status} ${answer.text}, expected ${JSON.stringify(expected)}`;
    if (typeof expected !== 'string') {
      assert.equal(answer.code, expected.code, told);
      return;
    }
    assert.ok(answer.status < 300, told);
    if (expected === '') assert.equal(answer.text, '', told);
    else assert.deepEqual(answer.body, JSON.parse(expected), told);
  }

  for (const who of ['anon', 'authenticated', 'service_role', 'a role of the project']) {
    it(`are those that PostgreSQL gives ${who}`, async () => {
      const role = who.startsWith('a ') ? custom : who;
      let compared = 0;
      let allowed = 0;
      for (const { table } of places) {
        for (const { name, method, query = '', body, prefer = 'return=minimal', sql } of operations) {
          for (const sub of ['u1', 'u2']) {
            const answer = await rest.call(method, `/${table}?${query}`, {
              role,
              claims: { sub },
              headers: { prefer: prefer.includes('return=') ? prefer : `${prefer},return=minimal` },
              ...(body === undefined ? {} : { body }),
            });
            const expected = await asked(role, sub, sql(table));
            check(expected, answer, `${name} of ${table} as ${role} ${sub}`);
            compared += 1;
            if (typeof expected === 'string') allowed += 1;
          }
        }
      }
      assert.equal(compared, places.length * operations.length * 2);
      // Neither everything nor nothing: the table tells rights apart.
      assert.ok(allowed > compared / 10, String(allowed));
      assert.ok(who === 'service_role' || allowed < (compared * 9) / 10, String(allowed));
    });
  }

  it('to single columns and tables are what has_column_privilege and has_table_privilege say', async () => {
    for (const role of ['anon', 'authenticated', custom]) {
      for (const { table } of places) {
        for (const column of ['id', 'owner', 'word', 'secret']) {
          const { rows: found } = await direct.query(
            `select has_column_privilege($1, $2, $3, 'select') as reads, has_column_privilege($1, $2, $3, 'update') as writes`,
            [role, table, column],
          );
          const options = { role, claims: { sub: 'u1' } };
          const read = await rest.call('GET', `/${table}?select=${column}`, options);
          assert.equal(read.status < 300, found[0].reads, `${role} ${table} ${column}: ${read.text}`);
          const write = await rest.call('PATCH', `/${table}`, {
            ...options,
            headers: { prefer: 'return=minimal' },
            body: { [column]: null },
          });
          // A null may be refused by the table or a policy; a missing right comes first.
          const isDenied = write.text.includes('permission denied');
          assert.equal(!isDenied, found[0].writes, `${role} ${table} ${column}: ${write.text}`);
        }
      }
    }
  });

  it('to functions are what PostgreSQL gives', async () => {
    for (const role of ['anon', 'authenticated', 'service_role', custom]) {
      for (const [name, argument] of [
        ['for_all', 1],
        ['for_some', 1],
        ['definer', 1],
        ['invoker', 1],
        ['rows_of', 1],
      ] as const) {
        const expected = await asked(
          role,
          'u1',
          `select to_json(r)::text as body from (select ${name}(${argument}) as v) r`,
        );
        for (const method of ['POST', 'GET']) {
          const answer = await rest.call(method, `/rpc/${name}${method === 'GET' ? `?n=${argument}` : ''}`, {
            role,
            claims: { sub: 'u1' },
            ...(method === 'POST' ? { body: { n: argument } } : {}),
          });
          const told = `${name} as ${role}: ${answer.status} ${answer.text}, expected ${JSON.stringify(expected)}`;
          if (typeof expected !== 'string') assert.equal(answer.code, expected.code, told);
          else
            assert.deepEqual(answer.body, expected === '' ? [] : shape(name, JSON.parse(expected).v), told);
        }
      }
    }
  });
});

function shape(name: string, value: unknown): unknown {
  return name === 'rows_of' ? [value] : value;
}

function ddl(roles: readonly string[]): string {
  const statements = places.flatMap(({ table, grant, policy }) => {
    const made = [
      `create table ${table} (id int primary key, owner text, word text unique, secret text unique)`,
      `insert into ${table} values (1, 'u1', 'w1', 's1'), (2, 'u2', 'w2', 's2'), (3, 'u1', 'w3', 's3')`,
    ];
    if (policy !== 'off') made.push(`alter table ${table} enable row level security`);
    if (policy === 'all') made.push(`create policy everything on ${table} using (true)`);
    if (policy === 'own') {
      made.push(
        `create policy own on ${table} using (owner = current_setting('request.jwt.claims', true)::json ->> 'sub')`,
      );
    }
    const columns = grant === 'some' ? ` (${visible})` : '';
    for (const role of grant === 'none' ? [] : roles) {
      made.push(
        `grant select${columns}, insert${columns}, update${columns} on ${table} to "${role}"`,
        `grant delete on ${table} to "${role}"`,
      );
    }
    return made;
  });
  statements.push(
    `create function for_all(n int) returns int language sql stable as 'select n'`,
    `create function for_some(n int) returns int language sql stable as 'select n'`,
    'revoke execute on function for_some(int) from public',
    'grant execute on function for_some(int) to authenticated, service_role',
    `create function definer(n int) returns text language sql stable security definer as 'select secret from t_none_off where id = n'`,
    `create function invoker(n int) returns text language plpgsql stable as $$ begin return (select secret from t_some_off where id = n); end $$`,
    `create function rows_of(n int) returns setof t_some_own language sql stable as 'select * from t_some_own where id = n'`,
    'grant all on all tables in schema public to service_role',
    ...roles.map((role) => `grant usage on schema public to "${role}"`),
  );
  return statements.join(';\n');
}
