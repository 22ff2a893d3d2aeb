import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { Client } from 'pg';
import { type TestCluster, type TestProject, testCluster } from '../../support/test-cluster.ts';
import { DbBed } from './db-bed.ts';

/** What a guest tries, and what PostgreSQL answers when the check of statements does not stand before it. */
interface Attack {
  readonly what: string;
  readonly text: string;
  readonly through?: 'read' | 'write';
  /** SQLSTATE of the first wall; `kept` when it runs and is without effect on others. */
  readonly sqlstate: string | 'kept';
  /** The check lets it by: PostgreSQL alone decides. */
  readonly unchecked?: boolean;
}

const attacks: readonly Attack[] = [
  { what: 'SET ROLE to the owner', text: 'set role "OWNER"', sqlstate: '42501' },
  { what: 'SET ROLE to service_role', text: 'set role service_role', sqlstate: '42501' },
  { what: 'SET SESSION AUTHORIZATION', text: 'set session authorization "OWNER"', sqlstate: '42501' },
  { what: 'set_config of the role', text: `select set_config('role', 'OWNER', false)`, sqlstate: '42501' },
  {
    what: 'set_config back to the login',
    text: `select set_config('role', 'none', false)`,
    sqlstate: 'kept',
  },
  { what: 'RESET ROLE', text: 'reset role', sqlstate: 'kept' },
  { what: 'a second statement', text: 'COMMIT; DROP TABLE orders', sqlstate: '42601' },
  {
    what: 'a second statement after a comment',
    text: 'select 1 /* */ ; delete from orders --',
    sqlstate: '42601',
  },
  { what: 'a write in db.read', text: 'delete from orders', sqlstate: '25006' },
  {
    what: 'a write in a WITH of db.read',
    text: 'with x as (delete from orders returning 1) select * from x',
    sqlstate: '25006',
  },
  {
    what: 'leaving read-only with a setting',
    text: `select set_config('transaction_read_only', 'off', true)`,
    sqlstate: '25001',
  },
  { what: 'leaving read-only with SET TRANSACTION', text: 'set transaction read write', sqlstate: 'kept' },
  { what: 'row locks in db.read', text: 'select id from orders for update', sqlstate: '25006' },
  { what: 'DROP of a table', text: 'drop table orders', sqlstate: '42501', through: 'write' },
  {
    what: 'COPY to a program',
    text: `copy orders (id) to program 'touch /tmp/magflock-pwned'`,
    sqlstate: '42501',
  },
  {
    what: 'COPY from a program',
    text: `copy orders (customer) from program 'id'`,
    sqlstate: '42501',
    through: 'write',
  },
  {
    what: 'COPY from a file',
    text: `copy orders (customer) from '/etc/passwd'`,
    sqlstate: '42501',
    through: 'write',
  },
  {
    what: 'COPY from the client',
    text: 'copy orders (customer) from stdin',
    sqlstate: '57014',
    through: 'write',
  },
  { what: 'pg_read_file', text: `select pg_read_file('/etc/passwd')`, sqlstate: '42501' },
  { what: 'pg_ls_dir', text: `select pg_ls_dir('/')`, sqlstate: '42501' },
  { what: 'lo_import', text: `select lo_import('/etc/passwd')`, sqlstate: '42501', through: 'write' },
  { what: 'lo_export', text: `select lo_export(1, '/tmp/x')`, sqlstate: '42501', through: 'write' },
  { what: 'dblink', text: `select * from dblink('', 'select 1') as t(a int)`, sqlstate: '42883' },
  { what: 'making dblink', text: 'create extension dblink', sqlstate: '42501', through: 'write' },
  {
    what: 'a language for the shell',
    text: 'create extension plpython3u',
    sqlstate: '42501',
    through: 'write',
  },
  { what: 'passwords', text: 'select rolpassword from pg_authid', sqlstate: '42501' },
  { what: 'files of settings', text: 'select * from pg_hba_file_rules', sqlstate: '42501' },
  { what: 'the audit outbox', text: 'select * from mg_sys.outbox', sqlstate: '42501' },
  {
    what: 'deleting from the audit outbox',
    text: 'delete from mg_sys.outbox',
    sqlstate: '42501',
    through: 'write',
  },
  {
    what: 'a schema change that never was',
    text: 'select mg_sys.note_schema_change()',
    sqlstate: '42501',
    through: 'write',
  },
  { what: 'the control database', text: 'select * from magui_app.cp_core.secrets', sqlstate: '0A000' },
  { what: 'another project', text: 'select * from project_other.public.orders', sqlstate: '0A000' },
  { what: 'the schema of another extension', text: 'select * from ext_other.notes', sqlstate: '42501' },
  { what: 'a table not granted', text: 'select * from diary', sqlstate: '42501' },
  { what: 'a column not granted', text: 'select secret from orders', sqlstate: '42501', unchecked: true },
  { what: 'all columns', text: 'select * from orders', sqlstate: '42501', unchecked: true },
  { what: 'all columns of an alias', text: 'select t.* from orders t', sqlstate: '42501', unchecked: true },
  { what: 'a whole row', text: 'select t from orders t', sqlstate: '42501', unchecked: true },
  {
    what: 'a whole row as JSON',
    text: 'select to_json(t) from orders t',
    sqlstate: '42501',
    unchecked: true,
  },
  {
    what: 'a whole row as text',
    text: 'select orders::text from orders',
    sqlstate: '42501',
    unchecked: true,
  },
  {
    what: 'a column in a condition',
    text: `select id from orders where secret like 'h%'`,
    sqlstate: '42501',
    unchecked: true,
  },
  {
    what: 'a column in USING',
    text: 'select id from orders a join orders b using (id, secret)',
    sqlstate: '42501',
    unchecked: true,
  },
  {
    what: 'a column through NATURAL JOIN',
    text: 'select 1 from orders a natural join orders b',
    sqlstate: '42501',
    unchecked: true,
  },
  {
    what: 'a column in RETURNING',
    text: 'update orders set customer = customer returning secret',
    sqlstate: '42501',
    through: 'write',
    unchecked: true,
  },
  {
    what: 'all of it in RETURNING',
    text: `insert into orders (customer) values ('z') returning *`,
    sqlstate: '42501',
    through: 'write',
    unchecked: true,
  },
  {
    what: 'a column through ON CONFLICT',
    text: `insert into orders (id, customer) values (1, 'z') on conflict (id) do update set customer = orders.secret`,
    sqlstate: '42501',
    through: 'write',
    unchecked: true,
  },
  {
    what: 'a column not granted through excluded',
    text: `insert into orders (id, customer) values (1, 'z') on conflict (id) do update set secret = excluded.customer`,
    sqlstate: '42501',
    through: 'write',
    unchecked: true,
  },
  {
    what: 'a column written that was not granted',
    text: `update orders set secret = 'x'`,
    sqlstate: '42501',
    through: 'write',
    unchecked: true,
  },
  {
    what: 'DELETE where only columns were granted',
    text: 'delete from orders',
    sqlstate: '42501',
    through: 'write',
    unchecked: true,
  },
  {
    what: 'MERGE into a column not granted',
    text: `merge into orders o using (values (1)) v(id) on o.id = v.id when matched then update set secret = 'x'`,
    sqlstate: '42501',
    through: 'write',
    unchecked: true,
  },
  {
    what: 'a view of its own over a table not granted',
    text: 'create view ext_reports.peek as select * from diary',
    sqlstate: 'kept',
    through: 'write',
  },
  { what: 'reading that view', text: 'select * from ext_reports.spy', sqlstate: '42501', unchecked: true },
  { what: 'a temporary table', text: 'create temp table t (id int)', sqlstate: '42501', through: 'write' },
  { what: 'a temporary table in db.read', text: 'select 1 as a into temp t', sqlstate: '25006' },
  { what: 'a table in public', text: 'create table public.t (id int)', sqlstate: '42501', through: 'write' },
  {
    what: 'a function in public',
    text: `create function public.f() returns int language sql as 'select 1'`,
    sqlstate: '42501',
    through: 'write',
  },
  {
    what: 'a trigger on a granted table',
    text: 'create trigger t before insert on orders execute function suppress_redundant_updates_trigger()',
    sqlstate: '42501',
    through: 'write',
  },
  {
    what: 'a rule on a granted table',
    text: 'create rule r as on insert to orders do nothing',
    sqlstate: '42501',
    through: 'write',
  },
  {
    what: 'handing a right on',
    text: 'grant select on orders to public',
    sqlstate: '42501',
    through: 'write',
  },
  { what: 'a role of its own', text: 'create role pwned', sqlstate: '42501', through: 'write' },
  {
    what: 'becoming a superuser',
    text: 'alter role current_user superuser',
    sqlstate: '42501',
    through: 'write',
  },
  { what: 'membership', text: 'grant "OWNER" to current_user', sqlstate: '42501', through: 'write' },
  {
    what: 'another connection limit',
    text: 'alter role current_user connection limit 1000',
    sqlstate: '42501',
    through: 'write',
  },
  {
    what: 'a file limit of its own',
    text: 'alter role current_user set temp_file_limit = -1',
    sqlstate: '42501',
    through: 'write',
  },
  {
    what: 'triggers switched off',
    text: `select set_config('session_replication_role', 'replica', false)`,
    sqlstate: '42501',
  },
  {
    what: 'a DO block that writes where it may not',
    text: 'do $$ begin delete from diary; end $$',
    sqlstate: '42501',
    through: 'write',
  },
  {
    what: 'a DO block that ends the transaction',
    text: 'do $$ begin commit; end $$',
    sqlstate: '2D000',
    through: 'write',
  },
  { what: 'a long sleep', text: 'select pg_sleep(60)', sqlstate: '57014' },
  {
    what: 'a sleep with the timeout taken off',
    text: `select set_config('statement_timeout', '0', false), pg_sleep(60)`,
    sqlstate: '57014',
  },
  {
    what: 'a recursion without end',
    text: 'with recursive n(i) as (select 1 union all select i + 1 from n) select max(i) from n',
    sqlstate: '57014',
    unchecked: true,
  },
  {
    what: 'a thousand million rows to count',
    text: 'select count(*) from generate_series(1, 1000000000)',
    sqlstate: '57014',
    unchecked: true,
  },
  {
    what: 'ending the sessions of others',
    text: 'select pg_terminate_backend(pid) from pg_stat_activity where usename <> current_user',
    sqlstate: '42501',
  },
  {
    what: 'reading the statements of others',
    text: `select query from pg_stat_activity where usename <> current_user and query !~ '^<insufficient|^$'`,
    sqlstate: 'kept',
  },
  { what: 'reloading the server', text: 'select pg_reload_conf()', sqlstate: '42501' },
  {
    what: 'settings of the server',
    text: `alter system set fsync = off`,
    sqlstate: '25001',
    through: 'write',
  },
  {
    what: 'a replication slot',
    text: `select pg_create_physical_replication_slot('x')`,
    sqlstate: '42501',
    through: 'write',
  },
];

describe('a guest with a database', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;
  let bed: DbBed;
  let owner: string;
  let admin: Client;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    owner = cluster.logins.owner(project.ref).user;
    await project.sql(`
      create table orders (id serial primary key, customer text, secret text);
      insert into orders (customer, secret) values ('ann', 'hush');
      create table diary (line text); insert into diary values ('private');`);
    const other = { project: project.ref, extension: 'acme.other', schema: 'ext_other', read: [], write: [] };
    await cluster.storage.extensionLogin(other);
    const columns = [{ table: 'orders', columns: ['id', 'customer'] }];
    bed = new DbBed(cluster, { project: project.ref, schema: 'ext_reports', read: columns, write: columns });
    admin = await cluster.superuser(project.database);
    await admin.query(
      'create table ext_other.notes (id int); alter table ext_other.notes owner to current_user',
    );
    await bed.write('create view ext_reports.spy as select * from public.diary', [], { firstWallOnly: true });
  });
  after(async () => {
    await bed.close();
    await admin.end();
    await project.remove();
  });

  const canaries = async () =>
    (
      await admin.query(
        `select (select json_agg(o order by id) from orders o) as orders, (select json_agg(d) from diary d) as diary,
           (select relacl::text from pg_class where relname = 'orders') as acl,
           (select count(*)::int from pg_trigger) as triggers,
           (select count(*)::int from pg_class where relnamespace = 'public'::regnamespace) as things,
           (select count(*)::int from pg_roles) as roles`,
      )
    ).rows[0];

  for (const { what, text: template, through = 'read', sqlstate, unchecked = false } of attacks) {
    it(`gets nowhere with ${what}`, async () => {
      const text = template.replaceAll('OWNER', owner);
      const before = await canaries();
      // Only what is meant to run out of time has little of it.
      const deadline = Date.now() + (sqlstate === '57014' ? 200 : 20_000);
      const run = bed[through](text, [], { firstWallOnly: true, deadline });
      if (sqlstate === 'kept') {
        const { rows } = await run;
        if (what.startsWith('reading the')) deepEqual(rows, []);
      } else {
        await rejects(run, (error: { code: string; message: string; details?: { sqlstate?: string } }) => {
          equal(error.details?.sqlstate, sqlstate, error.message);
          return ['MF602', 'MF662', 'MF674'].includes(error.code);
        });
      }
      deepEqual(await canaries(), before);
      if (!unchecked) await rejects(bed[through](text), { code: 'MF674' });
    });
  }

  it('leaves nothing in its session for the next call', async () => {
    const alone = { firstWallOnly: true };
    for (const text of [
      `select set_config('search_path', 'ext_reports', false), set_config('work_mem', '1GB', false)`,
      'prepare rest as select 1',
      'listen rest',
      'declare rest cursor with hold for select 1',
      'select pg_advisory_lock(4711)',
      'set session characteristics as transaction read write',
    ])
      await bed.write(text, [], alone);
    const { rows } = await bed.read(
      `select current_setting('search_path') as path, current_setting('work_mem') as mem,
         (select count(*)::int from pg_prepared_statements) as prepared, (select count(*)::int from pg_cursors where name <> '') as cursors,
         (select count(*)::int from pg_listening_channels()) as channels,
         (select count(*)::int from pg_locks where locktype = 'advisory' and objid = 4711) as locks,
         current_setting('transaction_read_only') as ro`,
      [],
      alone,
    );
    deepEqual(rows, [
      {
        path: 'ext_reports, public, pg_temp',
        mem: '4MB',
        prepared: 0,
        cursors: 0,
        channels: 0,
        locks: 0,
        ro: 'on',
      },
    ]);
  });

  it('cannot hold on with a function of its own that catches the end of its time', async () => {
    await bed.write(
      `create or replace function ext_reports.hold() returns int language plpgsql as $$
       begin loop begin perform pg_sleep(60); exception when query_canceled then null; end; end loop; end $$`,
      [],
      { firstWallOnly: true },
    );
    const controller = new AbortController();
    const held = bed.read('select ext_reports.hold()', [], {
      deadline: Date.now() + 50,
      signal: controller.signal,
    });
    const ended = rejects(held);
    await new Promise((resolve) => setTimeout(resolve, 150));
    controller.abort();
    await ended;
    await bed.databases.close();
    const { rows } = await cluster.storage.query({
      database: 'control',
      text: `select query from pg_stat_activity where usename like $1 and state = 'active'`,
      values: [`ext_${project.ref}_%`],
    });
    deepEqual(rows, []);
    ok((await bed.read('select 1 as one')).count === 1);
  });

  it('cannot take the audit row out of its write', async () => {
    const outbox = async () =>
      (await cluster.storage.query({ database: `project:${project.ref}`, text: 'select from mg_sys.outbox' }))
        .count;
    for (const text of ['commit', 'rollback', 'rollback and chain', 'commit and chain', `savepoint a`]) {
      const rows = await outbox();
      const before = await canaries();
      await bed.write(text, [], { firstWallOnly: true }).catch(() => {});
      deepEqual(await canaries(), before, text);
      ok((await outbox()) >= rows, text);
    }
    const rows = await outbox();
    await bed.write(`update orders set customer = 'new'`, [], { firstWallOnly: true });
    equal(await outbox(), rows + 1);
  });
});
