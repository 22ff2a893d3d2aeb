import { deepEqual, equal, rejects } from 'node:assert/strict';
import type { Client } from 'pg';
import { migrateDown, migrateUp } from '../../actors/storage/migrate/migrate.ts';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

const alice = '0e9a3a0e-6a39-4a86-9f43-8a3c3b7c9f01';
const bob = '0e9a3a0e-6a39-4a86-9f43-8a3c3b7c9f02';

describe('storage: schema auth of a project', function () {
  this.timeout(30_000);
  let cluster: TestCluster;
  let project: TestProject;
  let lane: Client;

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
    lane = await cluster.connect(cluster.logins.authenticator(project.ref), project.database);
    await project.sql(`
      create table note (id int primary key, author uuid not null default auth.uid(), shared_with text, text text);
      alter table note enable row level security;
      create policy own on note for all to authenticated using (author = auth.uid());
      create policy shared on note for select to authenticated using (shared_with = auth.email());
      create policy staff on note for select to anon, authenticated
        using (auth.jwt() -> 'app_metadata' ->> 'team' = 'staff');
      create policy service on note for delete to authenticated using (auth.role() = 'authenticated');
      grant select, insert, delete on note to anon, authenticated;
      insert into note values (1, '${alice}', null, 'a'), (2, '${bob}', 'alice@example.test', 'b'), (3, '${bob}', null, 'c')`);
  });
  after(async () => {
    await lane.end();
    await project.remove();
  });

  /** One statement as a role with claims, as a lane runs it. */
  async function as(role: string, claims: object | undefined, sql: string): Promise<unknown[]> {
    await lane.query('begin');
    try {
      await lane.query(`set local role ${role}`);
      if (claims !== undefined) {
        await lane.query(`select set_config('request.jwt.claims', $1, true)`, [JSON.stringify(claims)]);
      }
      return (await lane.query({ text: sql, rowMode: 'array' })).rows.flat();
    } finally {
      await lane.query('rollback');
    }
  }

  const visible = [
    [
      'her own rows and what is shared with her address',
      'authenticated',
      { sub: alice, email: 'alice@example.test' },
      [1, 2],
    ],
    ['his own rows', 'authenticated', { sub: bob, email: 'bob@example.test' }, [2, 3]],
    ['all rows by a claim inside the token', 'anon', { app_metadata: { team: 'staff' } }, [1, 2, 3]],
    ['nothing without a token', 'anon', undefined, []],
    ['nothing with an empty token', 'authenticated', {}, []],
  ] as const;
  for (const [what, role, claims, ids] of visible) {
    it(`a policy shows ${what}`, async () => {
      deepEqual(await as(role, claims, 'select id from note order by id'), ids);
    });
  }

  it('a column default takes the caller', async () => {
    deepEqual(
      await as('authenticated', { sub: alice }, `insert into note (id) values (9) returning author`),
      [alice],
    );
  });

  it('a policy refuses a row in the name of another', async () => {
    await rejects(as('authenticated', { sub: alice }, `insert into note values (9, '${bob}')`), {
      code: '42501',
    });
  });

  for (const role of ['anon', 'authenticated', 'service_role']) {
    it(`${role} may ask, and without claims the answer is null`, async () => {
      deepEqual(await as(role, undefined, 'select auth.uid(), auth.role(), auth.email(), auth.jwt()'), [
        null,
        null,
        null,
        null,
      ]);
    });
  }

  it('the answer is the claim, whatever the search path holds', async () => {
    await project.sql(`
      create function public.current_setting(text, boolean) returns text language sql as $$ select '{"sub":"${bob}"}' $$;
      grant execute on function public.current_setting(text, boolean) to authenticated`);
    const sql = `select auth.uid(), auth.role(), auth.email(), auth.jwt() ->> 'x'`;
    await lane.query('set search_path = public, pg_catalog');
    deepEqual(
      await as('authenticated', { sub: alice, role: 'authenticated', email: 'a@example.test', x: 1 }, sql),
      [alice, 'authenticated', 'a@example.test', '1'],
    );
    await lane.query('reset search_path');
  });

  for (const sql of [
    `create or replace function auth.uid() returns uuid language sql as $$ select '${bob}'::uuid $$`,
    'alter function auth.uid() owner to current_user',
    'alter function auth.uid() rename to old',
    'drop function auth.uid()',
    'drop schema auth cascade',
    'alter schema auth rename to other',
    'create function auth.other() returns int language sql as $$ select 1 $$',
  ]) {
    it(`the project's owner cannot: ${sql.slice(0, 50)}`, () => rejects(project.sql(sql), { code: '42501' }));
  }

  it('a project that had a schema auth before keeps its own, and gets what it lacks', async () => {
    const older = await cluster.createProject();
    const admin = await cluster.superuser(older.database);
    await migrateDown(admin, 'project', 2);
    await older.sql(`
      create schema auth;
      create function auth.uid() returns text language sql as $$ select 'mine' $$`);
    deepEqual((await migrateUp(admin, 'project'))[0], 3);
    const { rows } = await older.query('select auth.uid() as uid, auth.role() as role');
    deepEqual(rows, [{ uid: 'mine', role: null }]);
    deepEqual((await migrateDown(admin, 'project', 2)).at(-1), 3);
    deepEqual((await older.query('select auth.uid() as uid')).rows, [{ uid: 'mine' }]);
    await rejects(older.query('select auth.role()'), { code: '42883' });
    await admin.end();
    await older.remove();
  });

  it('is inlined into a policy, so that an index can be used', async () => {
    await project.sql('create index on note (author)');
    const plan = (await as('authenticated', { sub: alice }, `explain (verbose) select id from note`)).join(
      '\n',
    );
    equal(plan.includes('auth.uid()'), false, plan);
  });
});
