import { deepEqual, equal, match, rejects, throws } from 'node:assert/strict';
import type { Client } from 'pg';
import { migrateDown, migrateUp, migrationStatus } from '../../actors/storage/migrate/migrate.ts';
import {
  type MigrationSet,
  migrationsDigest,
  readMigrations,
} from '../../actors/storage/migrate/read-migrations.ts';
import { splitMigration } from '../../runtime/database/split-migration.ts';
import { type TestCluster, testCluster } from '../support/test-cluster.ts';

describe('migrations', function () {
  this.timeout(40_000);
  let cluster: TestCluster;
  let client: Client;
  const database = `migrations_${process.pid}`;

  before(async () => {
    cluster = await testCluster();
    const superuser = await cluster.superuser('postgres');
    await superuser.query(`create database ${database}`);
    await superuser.end();
    client = await cluster.superuser(database);
  });
  after(async () => {
    await client.end();
    const superuser = await cluster.superuser('postgres');
    await superuser.query(`drop database ${database} with (force)`);
    await superuser.end();
  });

  for (const set of ['control', 'project'] as const satisfies readonly MigrationSet[]) {
    it(`of ${set} go up, down and up again, and leave nothing behind when down`, async () => {
      const numbers = readMigrations(set).map(({ number }) => number);
      const before = await objects();
      deepEqual(await migrateUp(client, set), numbers);
      deepEqual(await migrateUp(client, set), []);
      equal(
        (await migrationStatus(client, set)).every(({ applied }) => applied),
        true,
      );
      deepEqual(await migrateDown(client, set, 0), [...numbers].reverse());
      deepEqual(
        (await objects()).filter((name) => !before.includes(name) && !name.endsWith('.migrations')),
        [],
      );
      deepEqual(await migrateUp(client, set), numbers);
    });
  }

  it('back before the schema extensions takes it away, unless something is in it', async () => {
    await client.query('create function extensions.kept() returns int language sql return 1');
    await migrateDown(client, 'project', 4);
    equal(await has('extensions'), true);
    await client.query('drop function extensions.kept()');
    await migrateUp(client, 'project');
    await migrateDown(client, 'project', 4);
    equal(await has('extensions'), false);
    await migrateUp(client, 'project');
    equal(await has('extensions'), true);
  });

  it('two at a time do each migration once', async () => {
    const other = await cluster.superuser(database);
    await migrateDown(client, 'project', 0);
    const done = await Promise.all([migrateUp(client, 'project'), migrateUp(other, 'project')]);
    await other.end();
    deepEqual(
      done.flat().sort(),
      readMigrations('project').map(({ number }) => number),
    );
  });

  it('a migration that fails is named, and nothing of it stays', async () => {
    await migrateDown(client, 'project', 0);
    await client.query('create table mg_sys.outbox (in_the_way int)');
    await rejects(migrateUp(client, 'project'), (error: { code: string; message: string }) => {
      equal(error.code, 'MF500');
      match(error.message, /project\/0002-[a-z-]+\.sql failed: relation "outbox" already exists/);
      return true;
    });
    deepEqual(
      (await migrationStatus(client, 'project')).filter(({ applied }) => applied).map(({ number }) => number),
      [1],
    );
    await client.query('drop table mg_sys.outbox');
    await migrateUp(client, 'project');
  });

  it('are numbered without gaps', () => {
    for (const set of ['control', 'project'] as const) {
      deepEqual(
        readMigrations(set).map(({ number }) => number),
        readMigrations(set).map((_, index) => index + 1),
      );
    }
  });

  it('have one digest, which depends on what they do', () => {
    equal(migrationsDigest(['project']), migrationsDigest(['project']));
    equal(migrationsDigest(['project']) === migrationsDigest(['control']), false);
  });

  for (const [name, text] of [
    ['no DOWN', '-- UP\nselect 1'],
    ['no UP', '-- DOWN\nselect 1'],
    ['DOWN first', '-- DOWN\nx\n-- UP\ny'],
    ['two UPs', '-- UP\na\n-- UP\nb\n-- DOWN\nc'],
    ['something before UP', 'select 1;\n'],
  ] as const) {
    it(`a file with ${name} is refused`, () => {
      throws(() => splitMigration(text, 'x.sql'), TypeError);
    });
  }

  async function has(schema: string): Promise<boolean> {
    const { rows } = await client.query(`select to_regnamespace($1) is not null as there`, [schema]);
    return rows[0].there;
  }

  async function objects(): Promise<string[]> {
    const { rows } = await client.query<{ name: string }>(
      `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
       where n.nspname in ('cp_core', 'cp_audit', 'mg_sys') and c.relkind in ('r', 'v', 'S')
       union all select n.nspname || '.' || p.proname from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname = 'mg_sys'
       union all select evtname from pg_event_trigger`,
    );
    return rows.map(({ name }) => name);
  }
});
