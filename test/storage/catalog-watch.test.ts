import { equal, ok } from 'node:assert/strict';
import type { Client } from 'pg';
import { SchemaWatch } from '../../actors/storage/owner/watch-schema.ts';
import { type TestCluster, type TestProject, testCluster } from '../support/test-cluster.ts';

describe('storage: watch of a schema', function () {
  this.timeout(30_000);
  let cluster: TestCluster;
  let project: TestProject;
  let watch: SchemaWatch;
  let changes = 0;
  let told = Promise.withResolvers<void>();

  async function next(work: () => Promise<unknown>): Promise<void> {
    told = Promise.withResolvers<void>();
    const before = changes;
    await work();
    await told.promise;
    ok(changes > before);
  }
  const watchProject = () =>
    new SchemaWatch({ connect: () => cluster.superuser(project.database), changed, pollMs: 20 });
  const changed = () => {
    changes += 1;
    told.resolve();
  };

  before(async () => {
    cluster = await testCluster();
    project = await cluster.createProject();
  });
  after(() => project.remove());
  afterEach(() => watch.stop());

  const asked = [
    ['reload schema', `notify pgrst, 'reload schema'`],
    ['reload config', `notify pgrst, 'reload config'`],
    ['no word', 'notify pgrst'],
  ] as const;
  for (const [what, sql] of asked) {
    it(`NOTIFY pgrst with ${what} announces a change`, async () => {
      watch = watchProject();
      await watch.start();
      await next(() => project.sql(sql));
    });
  }

  describe('without event triggers', () => {
    let admin: Client;
    before(async () => {
      admin = await cluster.superuser(project.database);
      await admin.query('drop event trigger magflock_ddl; drop event trigger magflock_drop');
    });
    after(() => admin.end());

    const statements = [
      'create schema other',
      'create table other.t (id int primary key, v text)',
      `comment on column other.t.v is 'shown'`,
      'create view other.v as select id from other.t',
      'create or replace view other.v as select id + 1 as id from other.t',
      `create type other.mood as enum ('sad')`,
      `alter type other.mood add value 'ok'`,
      'create domain other.percent as int',
      'create function other.f() returns int language sql as $$ select 1 $$',
      'alter function other.f() volatile strict',
      'alter table other.t rename column v to w',
      'alter table other.t add check (id > 0)',
      'drop table other.t cascade',
    ];
    it('each kind of change is found by the fingerprint', async () => {
      watch = watchProject();
      await watch.start();
      for (const sql of statements) await next(() => project.sql(sql));
    });

    it('rows that come and go, and ANALYZE, are no change', async () => {
      await project.sql('create table counted (id int)');
      watch = watchProject();
      await watch.start();
      const before = changes;
      await project.sql('insert into counted select generate_series(1, 100); analyze counted');
      // The first look after the rows came is over when a later change is told.
      await next(() => project.sql('create table marker (id int)'));
      equal(changes, before + 1);
    });
  });
});
