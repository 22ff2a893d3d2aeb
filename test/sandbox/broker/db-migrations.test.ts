import { deepEqual, equal, match, ok, rejects, throws } from 'node:assert/strict';
import type { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { createExtensionMigrations } from '../../../sandbox/lifecycle/extension-migrations.ts';
import type { InstalledExtension } from '../../../sandbox/lifecycle/installed-extension.ts';
import { type MigrationLogin, runMigrations } from '../../../sandbox/lifecycle/run-migrations.ts';
import { type TestCluster, type TestProject, testCluster } from '../../support/test-cluster.ts';

const one = {
  name: 'migrations/1.sql',
  text: '-- UP\ncreate table state (id int);\n-- DOWN\ndrop table state;\n',
};
const two = {
  name: 'migrations/2.sql',
  text: '-- UP\ninsert into state values (1); alter table state add note text;\n-- DOWN\nalter table state drop note;\n',
};

describe('migrations of an extension', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;
  let login: MigrationLogin;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    await project.sql('create table orders (id int); insert into orders values (1)');
  });
  beforeEach(async () => {
    const { url } = await cluster.storage.extensionLogin({
      project: project.ref,
      extension: 'acme.reports',
      schema: 'ext_reports',
      read: [],
      write: [],
    });
    login = { url, schema: 'ext_reports' };
  });
  afterEach(() => cluster.storage.dropExtensionLogin({ project: project.ref, extension: 'acme.reports' }));
  after(() => project.remove());

  const columns = async (): Promise<readonly unknown[]> =>
    (
      await cluster.storage.query({
        database: `project:${project.ref}`,
        text: `select column_name::text as name from information_schema.columns
               where table_schema = 'ext_reports' and table_name = 'state' order by 1`,
      })
    ).rows.map(({ name }) => name);

  it('go up once, further when there are more, and down again', async () => {
    const first = runMigrations(login, [one]);
    equal(await first.version(), 0);
    await first.up();
    await first.up();
    equal(await first.version(), 1);
    const both = runMigrations(login, [one, two]);
    await both.up(1);
    equal(await both.version(), 1);
    await both.up();
    deepEqual([await both.version(), await columns()], [2, ['id', 'note']]);
    await both.down(1);
    deepEqual([await both.version(), await columns()], [1, ['id']]);
    await both.down(0);
    deepEqual([await both.version(), await columns()], [0, []]);
    await both.down(0);
  });

  it('two runs at once do each once', async () => {
    const runs = [runMigrations(login, [one, two]), runMigrations(login, [one, two])];
    await Promise.allSettled(runs.map((run) => run.up()));
    deepEqual([await runs[0]!.version(), await columns()], [2, ['id', 'note']]);
  });

  for (const [what, sql, sqlstate] of [
    ['reads a table of the project', 'create table copy as select * from public.orders', '42501'],
    ['drops a table of the project', 'drop table public.orders', '42501'],
    ['makes a table in public', 'create table public.mine (id int)', '42501'],
    ['makes a schema', 'create schema ext_other', '42501'],
    ['reads the outbox', 'create table copy as select * from mg_sys.outbox', '42501'],
    [
      'puts a trigger on a table of the project',
      'create trigger t before insert on public.orders execute function suppress_redundant_updates_trigger()',
      '42501',
    ],
    ['refers to a table of the project', 'create table child (id int references public.orders)', '42501'],
    ['becomes another', 'set role service_role', '42501'],
    ['runs a program', `create table t (a text); copy t from program 'id'`, '42501'],
    [
      'makes an event trigger',
      `create function f() returns event_trigger language plpgsql as 'begin end'; create event trigger e on ddl_command_start execute function f()`,
      '42501',
    ],
    ['names a table without its schema', 'select * from orders', '42P01'],
    ['fails in the middle', 'create table half (id int); select 1/0', '22012'],
  ] as const) {
    it(`one that ${what} fails, is named, and leaves nothing`, async () => {
      const bad = { name: 'migrations/2.sql', text: `-- UP\n${sql};\n-- DOWN\nselect 1;\n` };
      const run = runMigrations(login, [one, bad]);
      await rejects(run.up(), (error: MagFlockError) => {
        equal(error.code, 'MF620');
        match(error.message, /migrations\/2\.sql/);
        deepEqual(error.details, { migration: 'migrations/2.sql', sqlstate });
        return true;
      });
      equal(await run.version(), 1);
      const { rows } = await cluster.storage.query({
        database: `project:${project.ref}`,
        text: `select relname::text as name from pg_class where relnamespace = 'ext_reports'::regnamespace and relkind = 'r' order by 1`,
      });
      deepEqual(rows, [{ name: 'mg_migrations' }, { name: 'state' }]);
    });
  }

  it('one that ends its own transaction gets no stamp', async () => {
    const bad = {
      name: 'migrations/2.sql',
      text: '-- UP\ncreate table a (id int); commit; create table b (id int);\n-- DOWN\nselect 1;\n',
    };
    const run = runMigrations(login, [one, bad]);
    await rejects(run.up(), { code: 'MF620' });
    equal(await run.version(), 1);
  });

  it('that were changed or taken out since are refused', async () => {
    await runMigrations(login, [one]).up();
    const changed = { ...one, text: one.text.replace('id int', 'id text') };
    for (const files of [[changed], [{ ...one, name: 'migrations/x.sql' }], []])
      await rejects(runMigrations(login, files).up(), { code: 'MF620' });
  });

  it('without their two marks are refused before anything runs', () => {
    throws(() => runMigrations(login, [{ name: 'migrations/1.sql', text: 'create table a (id int)' }]), {
      code: 'MF620',
    });
  });

  it('of the manifest are read from the package', async () => {
    const asked: string[] = [];
    const migrations = createExtensionMigrations({
      read: async (_installed, path) => {
        asked.push(path);
        return path === one.name ? one.text : two.text;
      },
    });
    const installed = {
      id: 'acme.reports',
      manifest: { migrations: [one.name, two.name] },
    } as unknown as InstalledExtension;
    await migrations.up(installed, login);
    deepEqual([await migrations.version(login), asked], [2, [one.name, two.name]]);
    await migrations.down(installed, login, 0);
    equal(await migrations.version(login), 0);
    equal(await migrations.version({ url: login.url, schema: null }), 0);
    await rejects(migrations.up(installed, { url: login.url, schema: null }), { code: 'MF669' });
    ok(asked.length === 4);
  });
});
