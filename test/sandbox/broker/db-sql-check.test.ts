import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict';
import { judgeStatement, type StatementRights } from '../../../sandbox/broker/sql-check/judge-statement.ts';
import { SqlCheck } from '../../../sandbox/broker/sql-check/sql-check.ts';

describe('the check of statements', function () {
  this.timeout(20_000);
  let check: SqlCheck;
  before(() => {
    check = new SqlCheck();
  });
  after(() => check.close());

  const judge = async (text: string, rights: Partial<StatementRights> = {}): Promise<void> =>
    judgeStatement(await check.facts(text), { access: 'read', scopes: ['orders'], schema: null, ...rights });

  const reads = [
    'select 1',
    'select id, total from orders where total > $1 order by id limit 10',
    'select * from public.orders o join lateral (select o.id) x on true',
    'with big as (select * from orders where total > 5) select count(*), max(total) from big',
    'with recursive n(i) as (select 1 union all select i + 1 from n where i < 5) select i from n',
    'values (1), (2)',
    'table orders',
    "select extract(year from now()), trim(both ' ' from $1::text), position('a' in $1::text), current_date",
    "select json_build_object('a', 1) ->> 'a', array[1,2], row(1,2), case when true then 1 else 2 end",
    'select *, row_number() over (partition by customer order by id) from orders',
    "select * from json_table('[1]', '$[*]' columns (a int path '$'))",
    'select grouping(customer) from orders group by rollup (customer)',
    "select now() at time zone 'utc', 'a' similar to 'b', 'x' like 'y' escape '!', xmlelement(name a)",
    `select * from json_to_record('{"a":1}') as x(a int)`,
    'select id from orders order by id using <',
    'select regexp_replace($1::text, $2, $3), gen_random_uuid(), random()',
  ];
  for (const text of reads) it(`lets db.read run ${text}`, () => judge(text));

  const writes = [
    'insert into orders (customer) values ($1) returning id',
    'insert into orders (id) values (1) on conflict (id) do update set total = excluded.total where orders.id > 0',
    'update orders set (total, customer) = (1, default) where id = 1',
    'delete from orders using customers c where c.id = orders.id',
    'merge into orders o using (values (1)) v(id) on o.id = v.id when matched then update set total = 1 when not matched then insert (id) values (v.id)',
    'with gone as (delete from orders returning *) select count(*) from gone',
    'select * from orders for update',
  ];
  for (const text of writes) {
    it(`lets db.write, and not db.read, run ${text}`, async () => {
      await judge(text, { access: 'write' });
      await rejects(judge(text), { code: 'MF674' });
    });
  }

  const never = [
    '',
    '-- nothing',
    'select 1; select 2',
    'COMMIT; DROP TABLE orders',
    'commit',
    'rollback',
    'begin',
    'savepoint a',
    "prepare transaction 'x'",
    'set role postgres',
    'reset role',
    'set local statement_timeout = 0',
    'set session authorization postgres',
    "select set_config('role', 'none', true)",
    "select pg_catalog.set_config('role', 'none', true)",
    `select "set_config"('role', 'none', true)`,
    `select U&"\\0073et_config"('role', 'none', true)`,
    "copy orders to program 'id'",
    'copy orders to stdout',
    "copy (select 1) to '/tmp/x'",
    'do $$ begin perform 1; end $$',
    'call something()',
    'listen x',
    "notify x, 'y'",
    'prepare p as select 1',
    'execute p',
    'deallocate all',
    'discard all',
    'explain analyze delete from orders',
    'explain select 1',
    'declare c cursor for select 1',
    'create temp table t (id int)',
    'create table t as select 1',
    'select 1 into t',
    'select * into temp t from orders',
    'with a as (select 1 into t) select 1',
    'truncate orders',
    'lock table orders',
    'alter role current_user set search_path = x',
    "alter role current_user password 'x'",
    'grant select on orders to public',
    'vacuum',
    'refresh materialized view v',
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('/')",
    "select lo_import('/etc/passwd')",
    'select lo_create(0)',
    "select lo_from_bytea(0, 'x')",
    "select dblink('', 'select 1')",
    "select * from dblink_exec('x')",
    'select pg_advisory_lock(1)',
    'select pg_try_advisory_xact_lock(1)',
    'select pg_sleep(10)',
    'select pg_terminate_backend(1)',
    'select pg_cancel_backend(1)',
    "select pg_notify('magflock_schema', '')",
    "select query_to_xml('select 1', true, true, '')",
    "select * from ts_stat('select 1')",
    "select ts_rewrite('a'::tsquery, 'select 1')",
    "select has_table_privilege('x', 'select')",
    'select inet_server_addr()',
    'select * from pg_class',
    'select * from pg_catalog.pg_class',
    'select * from information_schema.tables',
    'select * from pg_stat_activity',
    'select * from mg_sys.outbox',
    "select mg_sys.append_outbox(gen_random_uuid(), '', '')",
    'select * from other.public.orders',
    'select * from ext_other.secrets',
    'select ext_other.f()',
    "select 'pg_authid'::regclass",
    "select cast('x' as pg_catalog.regrole)",
    'select 1::ext_other.t',
    'select 1 operator(ext_other.+) 1',
    'select id from orders order by id using operator(ext_other.<)',
    'select 1 where 1 operator(ext_other.=) any (select 1)',
    'select 1 where 1 operator(ext_other.=) any (array[1])',
    'select id collate ext_other.c from orders',
    `select * from json_to_record('{}') as x(a ext_other.t)`,
    'select owners_function(1)',
    'select public.owners_function(1)',
    'select * from orders tablesample system (1)',
    'delete from orders where current of c',
    'select from (select set_config($1, $2, true)) x',
    'select * from orders where id in (select pg_sleep(1)::text::int)',
    'select max(id) filter (where pg_sleep(1) is null) from orders',
    'with a as (select pg_sleep(1)) select 1',
    'select case when pg_sleep(1) is null then 1 end',
    'not sql at all',
    `select '\u0000'`,
  ];
  for (const text of never) {
    it(`lets nobody run ${text.replace('\u0000', '\\0') || '(nothing)'}`, async () => {
      for (const access of ['read', 'write'] as const)
        await rejects(judge(text, { access, scopes: ['*'] }), { code: 'MF674' });
    });
  }

  it('lets a table through only when it was granted, and its own schema always', async () => {
    await rejects(judge('select * from customers'), { code: 'MF674' });
    await rejects(judge('select * from orders, public.customers'), { code: 'MF674' });
    await judge('select * from customers', { scopes: ['customers(id)'] });
    await judge('select * from customers', { scopes: ['*'] });
    await judge('select * from ext_x.state, orders', { schema: 'ext_x' });
    await judge('select ext_x.f(1)', { schema: 'ext_x' });
    await rejects(judge('select * from public.customers', { schema: 'ext_x' }), { code: 'MF674' });
    await rejects(judge('delete from customers', { access: 'write' }), { code: 'MF674' });
    await rejects(judge('with orders as (delete from public.customers) select 1', { access: 'write' }), {
      code: 'MF674',
    });
    await judge('delete from orders using customers', { access: 'write' });
  });

  it('refuses what is longer than 64 kB, in bytes', async () => {
    const longest = `select '${'x'.repeat(65_536 - 9)}'`;
    await judge(longest);
    await rejects(judge(`${longest} `), { code: 'MF674' });
    await rejects(judge(`select '${'é'.repeat(40_000)}'`), { code: 'MF674' });
  });

  it('survives what is nested too deeply, and goes on', async () => {
    for (const text of [
      `select ${'('.repeat(20_000)}1${')'.repeat(20_000)}`,
      `select ${'-'.repeat(3)}1 ${'+ 1 '.repeat(15_000)}`,
      `select ${'not '.repeat(15_000)}true`,
      'select '.repeat(5000),
      `${'select * from ('.repeat(4000)}select 1${') x'.repeat(4000)}`,
    ])
      await judge(text).catch((error: { code: string }) => equal(error.code, 'MF674'));
    await judge('select 1');
  });

  it('remembers what it read, so that the second time asks no thread', async () => {
    const one = new SqlCheck();
    const first = await one.facts('select 42');
    equal(await one.facts('select 42'), first);
    await one.close();
    equal(await one.facts('select 42'), first);
    await rejects(one.facts('select 43'), { code: 'MF674' });
  });

  it('takes a bounded number at once', async () => {
    const one = new SqlCheck();
    const asked = Array.from({ length: 400 }, (_, index) =>
      one.facts(`select ${index}`).then(
        () => '',
        (error) => error.code,
      ),
    );
    const codes = await Promise.all(asked);
    await one.close();
    deepEqual(new Set(codes), new Set(['', 'MF664']));
    ok(codes.filter((code) => code === '').length >= 256);
  });

  it('says what it found', async () => {
    deepEqual(await check.facts('with n as (select 1) insert into s.t select * from n, u returning f(1)'), {
      refusal: 'the function f is not for extensions',
      action: 'none',
      writes: false,
      locks: false,
      tables: [],
      schemas: [],
    });
    const facts = await check.facts('with n as (select 1) insert into s.t select * from n, u');
    equal(facts.action, 'insert');
    deepEqual(
      [...facts.tables].sort((a, b) => (a.name < b.name ? -1 : 1)),
      [
        { schema: 's', name: 't', written: true },
        { schema: null, name: 'u', written: false },
      ],
    );
  });

  it('throws what it refuses at once', () => {
    const facts = { refusal: null, action: 'select', writes: true, locks: false, tables: [], schemas: [] };
    throws(() => judgeStatement(facts, { access: 'read', scopes: ['*'], schema: null }), { code: 'MF674' });
  });
});
