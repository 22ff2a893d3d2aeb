import { deepEqual, equal, match, ok } from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { deriveLogins } from '../../actors/storage/login.ts';
import { deriveKeys } from '../../runtime/bios/derive-keys.ts';
import type { AuditEntry, VerifyReport } from '../../runtime/protocol/audit.protocol.ts';
import type { KeyInfo } from '../../runtime/protocol/psu.protocol.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

/** Keys and trail of a whole machine: two CPU threads, the real PostgreSQL, the control socket. */
describe('keys and audit trail of a daemon', function () {
  this.timeout(120_000);
  let daemon: RunningDaemon;
  before(async () => {
    daemon = await startDaemon({ flags: ['--cores', '2'] });
    await daemon.sql('create table note (id int primary key, body text)');
    // Both threads follow a new table within a second.
    for (let quiet = 0; quiet < 10; ) {
      quiet = (await call('/api/note', daemon.secretKey)).status === 200 ? quiet + 1 : 0;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  });
  after(async () => {
    await daemon?.stop();
    daemon?.remove();
  });

  /** A connection of its own each time, so that both CPU threads answer. */
  const call = (path: string, key: string, body?: unknown) =>
    fetch(`${daemon.url}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'x-api-key': key, connection: 'close', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const ask = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const { status, json } = await daemon.control(method, `/control/v1${path}`, body);
    ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return json as T;
  };
  const logs = (query = '') => ask<AuditEntry[]>('GET', `/logs?project=main&limit=10000${query}`);
  const verify = () => ask<VerifyReport>('GET', '/logs/verify?project=main');
  const untilLogged = async (query: string, found: (entry: AuditEntry) => boolean): Promise<AuditEntry> => {
    for (let attempt = 0; attempt < 40; attempt++) {
      const entry = (await logs(query)).find(found);
      if (entry !== undefined) return entry;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`no such entry among ${JSON.stringify(await logs(query))}`);
  };

  /** PostgreSQL's superuser, as somebody has it who owns the machine but uses no key of the audit. */
  const tamper = async (database: string, text: string): Promise<void> => {
    const master = readFileSync(join(daemon.dataDir, 'master.key'), 'utf8').trim();
    const { hostname, port } = new URL(await daemon.databaseUrl());
    const login = deriveLogins(deriveKeys(Buffer.from(master, 'hex')).logins).superuser();
    const client = new Client({ host: hostname, port: Number(port), ...login, database });
    await client.connect();
    await client.query(text).finally(() => client.end());
  };

  it('a revoked key opens nothing on any CPU thread once the command has returned', async () => {
    const { id, key } = await ask<KeyInfo & { key: string }>('POST', '/keys?project=main', {
      role: 'service_role',
    });
    for (let request = 0; request < 20; request++) equal((await call('/api/note', key)).status, 200);
    await ask('DELETE', `/keys/${id}?project=main`);
    const answers = await Promise.all(Array.from({ length: 40 }, () => call('/api/note', key)));
    for (const answer of answers) {
      equal(answer.status, 401);
      equal(((await answer.json()) as { code: string }).code, 'MF204');
    }
    const listed = await ask<KeyInfo[]>('GET', '/keys?project=main');
    ok(listed.find((info) => info.id === id)?.revokedAt);
    ok(!JSON.stringify(listed).includes(key.slice(-20)));
  });

  it('the key of the self test is gone, the first keys are there', async () => {
    const listed = await ask<KeyInfo[]>('GET', '/keys?project=main');
    deepEqual(
      // Made in the same moment, so their order says nothing.
      listed
        .filter((info) => info.revokedAt === null)
        .map((info) => info.role)
        .toSorted(),
      ['anon', 'service_role'],
    );
  });

  it('a key of project A is 401 at project B, whatever B is', async () => {
    await ask('POST', '/projects', { ref: 'other' });
    const { key } = await ask<{ key: string }>('POST', '/keys?project=other', { role: 'service_role' });
    for (const [path, one] of [
      ['/api/note', key],
      ['/p/main/api/note', key],
      ['/p/other/api/note', daemon.secretKey],
      ['/p/nowhere/api/note', daemon.secretKey],
    ] as const) {
      const answer = await call(path, one);
      deepEqual(
        [path, answer.status, ((await answer.json()) as { code: string }).code],
        [path, 401, 'MF205'],
      );
    }
    equal((await call('/p/other/api', key)).status, 200);
  });

  it('a write, a refused key, a block and an act of the operator are each in the trail', async () => {
    equal((await call('/api/note', daemon.secretKey, { id: 1, body: 'private words' })).status, 201);
    const write = await untilLogged('&kinds=write', ({ action }) => action === 'insert');
    match(write.actor, /^key:[0-9a-f-]{36}$/);
    equal(write.target, 'note');
    match(write.digest ?? '', /^sha256:/);
    ok(!JSON.stringify(write).includes('private words'));

    equal((await call('/api/note', `${daemon.secretKey.slice(0, -1)}!`)).status, 401);
    const refused = await untilLogged('&kinds=auth-failed', ({ details }) => details?.['code'] === 'MF203');
    equal(refused.address, '127.0.0.1');

    const attack = await call(`/api/note?id=${encodeURIComponent("1' OR '1'='1")}`, daemon.secretKey);
    equal(attack.status, 403);
    const { incident } = (await attack.json()) as { incident: string };
    await untilLogged('&kinds=threat', ({ details }) => details?.['incident'] === incident);
    await untilLogged('&kinds=admin', ({ action }) => action === 'key.create');
    deepEqual((await verify()).findings, []);
  });

  it('a restart of PSU and of Audit under load loses no key, no revocation and no entry', async () => {
    const created = await ask<{ id: string; key: string }>('POST', '/keys?project=main', {
      role: 'service_role',
    });
    const before = (await logs('&kinds=write')).length;
    let written = 0;
    let done = false;
    const writing = (async () => {
      for (let id = 100; !done; id++) {
        if ((await call('/api/note', daemon.secretKey, { id, body: 'x' })).status === 201) written++;
      }
    })();
    for (const part of ['psu', 'audit', 'psu', 'audit']) await ask('POST', '/restart', { part });
    await ask('DELETE', `/keys/${created.id}?project=main`);
    done = true;
    await writing;
    for (let request = 0; request < 20; request++) equal((await call('/api/note', created.key)).status, 401);
    ok(written > 0);
    equal((await logs('&kinds=write')).length, before + written);
    deepEqual((await verify()).findings, []);
  });

  it('a daemon killed in a burst of writes leaves each of them in the trail exactly once', async () => {
    const acknowledged: number[] = [];
    let next = 1000;
    let killed = false;
    const writer = async (): Promise<void> => {
      while (!killed) {
        const id = next++;
        const status = await call('/api/note', daemon.secretKey, { id, body: 'x' }).then(
          (answer) => answer.status,
          () => 0,
        );
        if (status === 201) acknowledged.push(id);
      }
    };
    const writers = Array.from({ length: 8 }, writer);
    while (acknowledged.length < 200) await new Promise((resolve) => setTimeout(resolve, 5));
    await daemon.kill9();
    killed = true;
    await Promise.all(writers);
    daemon = await startDaemon({ dataDir: daemon.dataDir, flags: ['--cores', '2'] });

    const [rows] = (await daemon.sql('select id from note where id >= 1000 order by id')).slice(-1);
    const ids = new Set(rows?.rows.map((row) => row['id']));
    deepEqual(
      acknowledged.filter((id) => !ids.has(id)),
      [],
      'acknowledged and not there',
    );
    const [all] = (await daemon.sql('select count(*)::int as rows from note')).slice(-1);
    const writes = await logs('&kinds=write');
    equal(writes.length, all?.rows[0]?.['rows'], 'one entry for each row');
    equal(new Set(writes.map((entry) => entry.id)).size, writes.length);
    deepEqual((await verify()).findings, []);
  });

  it('a stop in the middle of it all signs the end of every chain', async () => {
    equal((await call('/api/note', daemon.secretKey, { id: 3, body: 'x' })).status, 201);
    const { dataDir } = daemon;
    equal(await daemon.stop(), 0);
    const lines = readFileSync(join(dataDir, 'audit', 'main.checkpoints.ndjson'), 'utf8')
      .trimEnd()
      .split('\n');
    daemon = await startDaemon({ dataDir, flags: ['--cores', '1'] });
    const last = JSON.parse(lines.at(-1) ?? '{}') as { checkpoint: { seq: number; hash: string } };
    const entry = (await logs()).find(({ seq }) => seq === last.checkpoint.seq);
    equal(entry?.hash, last.checkpoint.hash);
    const writes = await logs('&kinds=write');
    ok(last.checkpoint.seq >= (writes.at(-1)?.seq ?? 0), 'the last write is covered');
  });

  it('a forged outbox row and an edited entry are named, and the command says so with its exit code', async () => {
    equal((await daemon.cli(['logs', 'verify'])).code, 0);
    await tamper(
      'project_main',
      `select mg_sys.append_outbox('01890000-0000-7000-8000-000000000001', '{"kind":"write"}', 'forged')`,
    );
    await tamper(
      'magui_app',
      `update cp_audit.entries set entry = replace(entry, '127.0.0.1', '127.0.0.2')
       where project = 'main' and kind = 'auth-failed'`,
    );
    equal((await call('/api/note', daemon.secretKey, { id: 2, body: 'x' })).status, 201);
    await untilLogged('&kinds=threat', ({ action }) => action === 'outbox.unauthentic');
    const { findings } = await verify();
    deepEqual([...new Set(findings.map(({ problem }) => problem))].sort(), [
      'edited',
      'unauthentic-outbox-row',
    ]);
    const told = await daemon.cli(['logs', 'verify']);
    equal(told.code, 4);
    match(told.stdout, /unauthentic-outbox-row/);
  });
});
