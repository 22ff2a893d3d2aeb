import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDatabaseUrl } from '../../actors/storage/external/parse-database-url.ts';
import { deriveLogins } from '../../actors/storage/login.ts';
import type { ServerChange } from '../../actors/storage/server.ts';
import { Storage } from '../../actors/storage/storage.ts';
import { type OutsidePostgres, outsidePrograms, startOutsidePostgres } from '../support/postgres-outside.ts';
import { silentLog, testLoginsKey } from '../support/test-cluster.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'magflock-none-'));
const schemaChanges: string[] = [];
const serverChanges: ServerChange[] = [];

function storageOn(databaseUrl: string): Storage {
  return new Storage({
    settings: { dataDir, databaseUrl, 'storage.maxConnections': 40, 'storage.idleSeconds': 5 },
    loginsKey: testLoginsKey,
    log: silentLog,
    publish: async () => {},
    serverChanged: (change) => void serverChanges.push(change),
    schemaChanged: (project) => void schemaChanges.push(project),
  });
}

async function until(condition: () => boolean, limitMs: number): Promise<void> {
  const end = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`not within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

describe('an outside PostgreSQL', function () {
  this.timeout(60_000);
  after(() => rmSync(dataDir, { recursive: true, force: true }));

  for (const { version, bin } of outsidePrograms()) {
    describe(`of version ${version}`, () => {
      let outside: OutsidePostgres;
      before(async () => {
        outside = await startOutsidePostgres(bin, version);
      });
      after(() => outside.stop());

      for (const [who, attributes, notes] of [
        ['a superuser', 'superuser', []],
        ['a login with CREATEDB and CREATEROLE', 'createdb createrole', [/row security/, /polling/]],
      ] as const) {
        it(`serves projects for ${who}, and says what is missing`, async () => {
          const url = await outside.login(attributes === 'superuser' ? 'chief' : 'clerk', attributes);
          const storage = storageOn(url);
          await storage.start();
          try {
            const facts = storage.facts();
            match(facts.version, new RegExp(`^${version}\\.`));
            equal(facts.kind, 'external');
            deepEqual(
              notes.map((note) => facts.notes.some((text) => note.test(text))),
              notes.map(() => true),
              facts.notes.join('\n'),
            );
            if (notes.length === 0) deepEqual(facts.notes, []);
            await storage.watch('main');
            schemaChanges.length = 0;
            await storage.sql(
              'main',
              "create table item (id serial primary key, name text); insert into item (name) values ('a')",
            );
            await until(() => schemaChanges.includes('main'), 2000);
            const catalog = await storage.catalog('main');
            deepEqual(
              catalog.tables.map(({ name }) => name),
              ['item'],
            );
            const { rows } = await storage.query({
              database: 'project:main',
              text: `select has_table_privilege('service_role', 'public.item', 'insert') as yes`,
            });
            equal(rows[0]?.['yes'], true);
            await extensionWorks(storage);
            await storage.createProject('second');
            await rejects(storage.sql('second', 'select * from item'), { code: 'MF510' });
            await storage.removeProject('second');
          } finally {
            await storage.sql('main', 'drop table item').catch(() => {});
            await storage.removeProject('main');
            await storage.query({ database: 'control', text: 'select 1' });
            await storage.stop();
          }
          await cleanUp(outside.url);
        });
      }

      it('names every privilege that is missing and the statement that grants it', async () => {
        const storage = storageOn(await outside.login('nobody', ''));
        await rejects(storage.start(), (error: { code: string; message: string; fix: string }) => {
          equal(error.code, 'MF700');
          match(error.message, /CREATEDB and CREATEROLE|SUPERUSER/);
          match(error.fix, /alter role "nobody"/);
          return true;
        });
        await storage.stop();
      });

      it('is found again when it was restarted', async () => {
        const storage = storageOn(outside.url);
        await storage.start();
        serverChanges.length = 0;
        await outside.restart();
        await until(() => serverChanges.some(({ kind }) => kind === 'available'), 10_000);
        deepEqual(
          serverChanges.map(({ kind }) => kind),
          ['unavailable', 'available'],
        );
        equal((await storage.sql('main', 'select 1'))[0]?.count, 1);
        await storage.stop();
      });
    });
  }

  it('that does not answer is named without its password', async () => {
    const storage = storageOn('postgres://u:hush@127.0.0.1:9/x');
    await rejects(storage.start(), (error: { code: string; message: string; fix: string }) => {
      equal(error.code, 'MF700');
      ok(!`${error.message}${error.fix}`.includes('hush'));
      return true;
    });
    await storage.stop();
  });

  for (const [url, expected] of [
    ['postgres://a:b@h/db', { host: 'h', port: 5432, ssl: false, database: 'db' }],
    [
      'postgresql://a:p%40ss@h:6543?sslmode=require',
      { host: 'h', port: 6543, ssl: { rejectUnauthorized: false }, database: 'postgres' },
    ],
    [
      'postgres://a:b@h/db?sslmode=verify-full',
      { host: 'h', port: 5432, ssl: { rejectUnauthorized: true }, database: 'db' },
    ],
    [
      'postgres://a:b@/db?host=/run/pg&port=5433',
      { host: '/run/pg', port: 5433, ssl: false, database: 'db' },
    ],
    ['postgres://a:b@[::1]:5432/db', { host: '::1', port: 5432, ssl: false, database: 'db' }],
  ] as const) {
    it(`reads ${url}`, () => {
      const { endpoint, database } = parseDatabaseUrl(url);
      deepEqual({ host: endpoint.host, port: endpoint.port, ssl: endpoint.ssl, database }, expected);
    });
  }

  it('derives logins that differ by project and purpose', () => {
    const { owner, authenticator, superuser } = deriveLogins(testLoginsKey);
    const passwords = [owner('a'), owner('b'), authenticator('a'), superuser()].map(
      ({ password }) => password,
    );
    equal(new Set(passwords).size, 4);
  });

  /** A login of an extension, narrowed, widened and taken out again. */
  async function extensionWorks(storage: Storage): Promise<void> {
    const { Client } = await import('pg');
    const request = { project: 'main', extension: 'acme.reports', schema: 'ext_reports' };
    const item = { table: 'item', columns: ['id'] };
    const { url } = await storage.extensionLogin({ ...request, read: [item], write: [{ table: '*' }] });
    const open = async () => {
      const client = new Client({ connectionString: url });
      client.on('error', () => {});
      await client.connect();
      return client;
    };
    const client = await open();
    await client.query('create table ext_reports.state as select id from item');
    await client.query(`insert into item (name) values ('b')`);
    await rejects(client.query('select name from item'), { code: '42501' });
    await storage.extensionLogin({ ...request, read: [item], write: [] });
    await rejects(client.query('select 1'));
    const again = await open();
    await again.query('select id from item');
    await rejects(again.query(`insert into item (name) values ('c')`), { code: '42501' });
    await again.end();
    deepEqual(await storage.dropExtensionLogin({ ...request, keepSchema: true }), { dropped: true });
    await rejects(open());
    await storage.extensionLogin({ ...request, read: [{ table: '*' }], write: [] });
    const back = await open();
    await back.query('select id from ext_reports.state');
    await back.end();
    deepEqual(await storage.dropExtensionLogin(request), { dropped: true });
    // Goes with its project.
    await storage.extensionLogin({ ...request, read: [], write: [{ table: 'item' }] });
  }

  /** Back to an untouched server, for the next login. */
  async function cleanUp(url: string): Promise<void> {
    const { Client } = await import('pg');
    const client = new Client({ connectionString: url });
    await client.connect();
    for (const name of ['magui_app', 'magsentinel_events', 'magflock_template'])
      await client.query(`drop database ${name} with (force)`);
    for (const role of ['anon', 'authenticated', 'service_role']) await client.query(`drop role ${role}`);
    await client.end();
  }
});
