import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { Client } from 'pg';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

/** What somebody with project A's credentials tries to reach. */
describe('projects', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let a: TestProject;
  let b: TestProject;

  before(async () => {
    cluster = await testCluster();
    a = await cluster.createProject();
    b = await cluster.createProject();
  });
  after(async () => {
    await a.remove();
    await b.remove();
  });

  for (const login of ['owner', 'authenticator'] as const) {
    for (const target of [
      'the database of project B',
      'magui_app',
      'magsentinel_events',
      'magflock_template',
      'postgres',
      'template1',
    ]) {
      it(`the ${login} of project A cannot open ${target}`, async () => {
        const database = target.startsWith('the database') ? b.database : target;
        await rejects(cluster.connect(cluster.logins[login](a.ref), database), { code: '42501' });
      });
    }
  }

  it('the printed URL opens the project over TCP, as its owner and not as a superuser', async () => {
    match(
      a.databaseUrl,
      new RegExp(`^postgres://owner_${a.ref}:[A-Za-z0-9_-]{43}@127\\.0\\.0\\.1:\\d+/project_${a.ref}$`),
    );
    const client = new Client({ connectionString: a.databaseUrl });
    await client.connect();
    try {
      const { rows } = await client.query(
        `select current_user as user, rolsuper, rolcreatedb, rolcreaterole, rolbypassrls from pg_roles where rolname = current_user`,
      );
      deepEqual(rows[0], {
        user: `owner_${a.ref}`,
        rolsuper: false,
        rolcreatedb: false,
        rolcreaterole: false,
        rolbypassrls: false,
      });
    } finally {
      await client.end();
    }
  });

  it('the owner of project A cannot become a role of project B or the administrator', async () => {
    for (const role of [`owner_${b.ref}`, `authenticator_${a.ref}`, 'magflock_super', 'service_role']) {
      await rejects(a.query(`set role ${role}`), { code: '42501' }, role);
    }
  });

  it('the owner can neither read nor empty what the audit trail rests on', async () => {
    for (const text of [
      'select * from mg_sys.outbox',
      'delete from mg_sys.outbox',
      `select mg_sys.append_outbox(gen_random_uuid(), '{}', '')`,
      'drop function mg_sys.append_outbox(uuid, text, text)',
      'delete from mg_sys.schema_changes',
      'drop event trigger magflock_ddl',
      'create table mg_sys.mine ()',
    ]) {
      await rejects(a.query(text), { code: '42501' }, text);
    }
  });

  it('the authenticator can read nothing by itself, not even a table open to everybody', async () => {
    await a.sql(
      'create table secret (id int); grant select on secret to public; revoke select on secret from public; insert into secret values (1)',
    );
    const client = await cluster.connect(cluster.logins.authenticator(a.ref), a.database);
    try {
      await rejects(client.query('select * from public.secret'), { code: '42501' });
      await rejects(client.query('create temporary table secret (id int)'), { code: '42501' });
    } finally {
      await client.end();
    }
  });

  it('a new table is open to service_role and closed to anon', async () => {
    await a.sql('create table fresh (id serial primary key)');
    const { rows } = await a.query(
      `select has_table_privilege('service_role', 'fresh', 'select, insert, update, delete') as service,
              has_sequence_privilege('service_role', 'fresh_id_seq', 'usage') as sequence,
              has_table_privilege('anon', 'fresh', 'select') or has_table_privilege('authenticated', 'fresh', 'select') as others`,
    );
    deepEqual(rows[0], { service: true, sequence: true, others: false });
  });

  for (const ref of ['', 'A', 'a-b', 'a b', 'x'.repeat(41), 'a"; drop database x; --', '../a']) {
    it(`refuses "${ref.slice(0, 20)}" as a ref`, async () => {
      await rejects(cluster.storage.createProject(ref), { code: 'MF508' });
    });
  }

  it('refuses a ref that exists, and names the nearest one for a ref that does not', async () => {
    await rejects(cluster.storage.createProject(a.ref), { code: 'MF509' });
    await rejects(cluster.storage.project('mian'), { code: 'MF508', fix: 'Did you mean "main"?' });
  });

  it('removes a project with its database and logins while somebody is connected', async () => {
    const gone = await cluster.createProject();
    const client = await cluster.connect(cluster.logins.owner(gone.ref), gone.database);
    await gone.remove();
    await client.end().catch(() => {});
    const superuser = await cluster.superuser('postgres');
    const { rows } = await superuser.query(
      `select (select count(*) from pg_database where datname = $1) + (select count(*) from pg_roles where rolname like $2) as left`,
      [gone.database, `%_${gone.ref}`],
    );
    await superuser.end();
    equal(rows[0]?.left, '0');
    await rejects(cluster.storage.project(gone.ref), { code: 'MF508' });
  });

  it('makes a project from the template in well under a second', async () => {
    const began = performance.now();
    const quick = await cluster.createProject();
    const took = performance.now() - began;
    await quick.remove();
    ok(took < 1500, `${took} ms`);
  });

  it('an owner who changed its password keeps `magflock sql`', async () => {
    await a.query(`alter role owner_${a.ref} password 'mine now'`);
    const [result] = await cluster.storage.sql(a.ref, 'select 1 as one');
    deepEqual(
      result?.rows.map((row) => ({ ...row })),
      [{ one: 1 }],
    );
  });
});
