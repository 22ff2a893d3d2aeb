import { equal, match, ok, rejects } from 'node:assert/strict';
import { migrateUp } from '../../actors/storage/migrate/migrate.ts';
import { DatabaseFailure } from '../../runtime/errors/database-failure.ts';
import { type LaneBed, laneBed } from '../support/postgres-lanes.ts';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

/** What code and sessions of a project's owner must not do to the machine and to other projects. */
describe('a hostile project owner', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let project: TestProject;
  let bed: LaneBed;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
  });
  after(async () => {
    await project.remove();
  });
  beforeEach(() => {
    bed = laneBed(cluster, project.ref);
  });
  afterEach(async () => {
    await bed.close();
  });

  it('gets nothing of its own called by a migration, whatever it puts into public', async () => {
    const trap = `language plpgsql as $$ begin
      insert into public.caught values (current_user::text); perform pg_catalog.pg_advisory_lock($1::bigint); end $$`;
    await project.sql(`
      create table caught (who text);
      create function public.pg_advisory_lock(integer) returns void ${trap};
      create function public.hashtext(text) returns integer language plpgsql as $$ begin
        insert into public.caught values (current_user::text); return 1; end $$;
      create function public.to_regclass(text) returns regclass language plpgsql as $$ begin
        insert into public.caught values (current_user::text); return null; end $$;
    `);
    // Not pinned on purpose: the migrator itself must be safe, not only those who call it today.
    const admin = await cluster.superuser(project.database);
    try {
      await admin.query('set search_path = public, pg_catalog');
      await migrateUp(admin, 'project');
    } finally {
      await admin.end();
    }
    equal((await project.query('select * from caught')).rows.length, 0);
  });

  it('cannot hold up a migration with an advisory lock', async () => {
    const holder = await cluster.connect(cluster.logins.owner(project.ref), project.database);
    holder.on('error', () => {});
    await holder.query('select pg_advisory_lock(19782, 1)');
    const admin = await cluster.superuser(project.database);
    try {
      await admin.query(`set lock_timeout = '5s'`);
      await migrateUp(admin, 'project');
    } finally {
      await admin.end();
      await holder.end().catch(() => {});
    }
    await rejects(holder.query('select 1'));
  });

  it('breaks its own request with DEALLOCATE ALL, and no other one', async () => {
    await project.sql(`
      create table tr (id int primary key);
      create function trf() returns trigger language plpgsql as $$ begin execute 'deallocate all'; return new; end $$;
      create trigger a before insert on tr for each row execute function trf();
      create table calm (id int primary key);
    `);
    equal(await bed.read('(select count(*) from calm)'), '0');
    await rejects(
      bed.write(
        `with put as (insert into tr values (1) returning 1) select '' as body, count(*) as rows from put`,
      ),
    );
    for (let time = 0; time < 5; time++) equal(await bed.read('(select count(*) from calm)'), '0');
    equal(
      (
        await bed.write(
          `with put as (insert into calm values (1) returning 1) select 'ok' as body, count(*) as rows from put`,
        )
      ).body,
      'ok',
    );
    equal(await bed.read('(select count(*) from tr)'), '0');
  });

  it('cannot speak with the voice of another part', async () => {
    await project.sql(`
      create function lie() returns text language plpgsql as $$ begin
        raise exception using errcode = 'MF204', message = 'The key was revoked.'; end $$;
    `);
    await rejects(bed.read('lie()'), (thrown: unknown) => {
      ok(thrown instanceof DatabaseFailure);
      match(thrown.facts.sqlstate, /^MF204$/);
      return true;
    });
  });

  it('cannot take all connections of the server', async () => {
    const { rows } = await project.query(
      `select rolconnlimit as most from pg_catalog.pg_roles where rolname = current_user`,
    );
    const most = Number((rows[0] as { most: number } | undefined)?.most);
    const server = await project.query(
      'select setting::int as all from pg_catalog.pg_settings where name = $$max_connections$$',
    );
    const all = Number((server.rows[0] as { all: number } | undefined)?.all);
    ok(most > 0 && all - most >= 48, `the owner may open ${most} of ${all} connections`);
  });
});
