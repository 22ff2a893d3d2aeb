import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Client } from 'pg';
import { EmbeddedServer, type EmbeddedServerOptions } from '../../actors/storage/embedded/embedded-server.ts';
import { installProgram } from '../../actors/storage/embedded/install-program.ts';
import { makeLinks } from '../../actors/storage/embedded/make-links.ts';
import { mayUse } from '../../actors/storage/embedded/may-use.ts';
import { platformProgram } from '../../actors/storage/embedded/platform-program.ts';
import { isAlive, serverProcesses } from '../../actors/storage/embedded/processes.ts';
import { serverAccount } from '../../actors/storage/embedded/server-account.ts';
import { deriveLogins } from '../../actors/storage/login.ts';
import type { ServerChange } from '../../actors/storage/server.ts';
import { silentLog, testLoginsKey } from '../support/test-cluster.ts';

const starter = new URL('../support/postgres-starter.worker.ts', import.meta.url);
const isRoot = process.getuid?.() === 0;

/** The server the daemon brings along, through kills and odd places. One cluster for most of it. */
describe('the embedded server', function () {
  this.timeout(90_000);
  let dataDir: string;
  let data: string;
  const removed: string[] = [];
  const servers: EmbeddedServer[] = [];

  before(async () => {
    dataDir = folder('magflock-embedded-');
    data = join(dataDir, 'postgres/data');
    const server = serverOf();
    await server.start();
    await server.stop();
  });
  // Also of a test that failed: a server that supervises itself would run for ever.
  afterEach(() => Promise.all(servers.splice(0).map((server) => server.stop())));
  after(() => {
    for (const path of removed) rmSync(path, { recursive: true, force: true });
  });

  function folder(prefix: string): string {
    const path = mkdtempSync(join(tmpdir(), prefix));
    chmodSync(path, 0o711);
    removed.push(path);
    return path;
  }

  function serverOf(options: Partial<EmbeddedServerOptions> = {}): EmbeddedServer {
    const server = new EmbeddedServer({
      dataDir,
      superuser: deriveLogins(testLoginsKey).superuser(),
      maxConnections: 20,
      log: silentLog,
      ...options,
    });
    servers.push(server);
    return server;
  }

  async function ask(server: EmbeddedServer, text: string): Promise<unknown> {
    const { host, port } = server.endpoint;
    const client = new Client({ host, port, ...server.administrator, database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    try {
      const { rows } = await client.query({ text, rowMode: 'array' });
      return rows[0]?.[0];
    } finally {
      await client.end();
    }
  }

  /** A statement that keeps a backend busy and never looks whether anybody still wants it. */
  async function busy(server: EmbeddedServer): Promise<number> {
    const { host, port } = server.endpoint;
    const client = new Client({ host, port, ...server.administrator, database: 'postgres' });
    client.on('error', () => {});
    await client.connect();
    const { processID } = client as unknown as { processID: number };
    client
      .query(`do $$ begin loop begin perform 1; exception when others then null; end; end loop; end $$`)
      .catch(() => {});
    return processID;
  }

  async function startElsewhere(): Promise<{ child: ChildProcess; pid: number }> {
    const child = spawn(process.execPath, [fileURLToPath(starter), dataDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = (await once(child.stdout as NodeJS.ReadableStream, 'data')) as [Buffer];
    return { child, pid: Number(line.toString()) };
  }

  async function kill(child: ChildProcess): Promise<void> {
    child.kill('SIGKILL');
    await once(child, 'exit');
  }

  it('runs with durability on, UTF-8, scram passwords, and only from this machine', async () => {
    const server = serverOf();
    await server.start();
    for (const [setting, value] of [
      ['fsync', 'on'],
      ['full_page_writes', 'on'],
      ['synchronous_commit', 'on'],
      ['server_encoding', 'UTF8'],
      ['password_encryption', 'scram-sha-256'],
      ['listen_addresses', '127.0.0.1'],
      ['data_checksums', 'on'],
    ]) {
      equal(await ask(server, `select current_setting('${setting}')`), value, setting);
    }
    equal(
      await ask(
        server,
        `select count(*) from pg_hba_file_rules where auth_method <> 'scram-sha-256' or error is not null`,
      ),
      '0',
    );
    equal(await ask(server, `select upper('äé') || ('ä' < 'b')::text`), 'ÄÉfalse');
    const { host, port } = server.endpoint;
    const wrong = new Client({ host, port, user: 'magflock_super', password: 'guess', database: 'postgres' });
    await rejects(wrong.connect(), { code: '28P01' });
    await server.stop();
    deepEqual(serverProcesses(data), []);
  });

  it('runs as an account of its own when started as root, in a process group of its own', async () => {
    const server = serverOf();
    await server.start();
    const pids = serverProcesses(data);
    ok(pids.length > 3);
    const expected = serverAccount()?.uid ?? process.getuid?.();
    for (const pid of pids) {
      const [, real, effective, saved] =
        readFileSync(`/proc/${pid}/status`, 'utf8').match(/^Uid:\t(\d+)\t(\d+)\t(\d+)/m) ?? [];
      deepEqual([Number(real), Number(effective), Number(saved)], [expected, expected, expected]);
      if (isRoot) notEqual(expected, 0);
      const session = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[3];
      notEqual(session, readFileSync('/proc/self/stat', 'utf8').split(') ')[1]?.split(' ')[3]);
    }
    await server.stop();
  });

  it('keeps its port over restarts, so that a URL printed once stays good', async () => {
    const ports: number[] = [];
    for (let round = 0; round < 2; round++) {
      const server = serverOf();
      await server.start();
      ports.push(server.endpoint.port);
      await server.stop();
    }
    equal(ports[0], ports[1]);
  });

  it('adopts the postmaster that a killed daemon left', async () => {
    const { child, pid } = await startElsewhere();
    await kill(child);
    ok(isAlive(pid));
    const server = serverOf();
    await server.start();
    equal(server.facts.pid, pid);
    match(server.facts.notes.join(), /adopted/);
    equal(await ask(server, 'select 1'), 1);
    await server.stop();
    equal(isAlive(pid), false);
  });

  it('starts another one when the settings of the one it finds do not do', async () => {
    const { child, pid } = await startElsewhere();
    await kill(child);
    const server = serverOf({ maxConnections: 50 });
    await server.start();
    notEqual(server.facts.pid, pid);
    equal(isAlive(pid), false);
    await server.stop();
  });

  it('adopts after its thread crashed, and sees that one die as well', async () => {
    const worker = new Worker(starter, { argv: [dataDir] });
    const [pid] = (await once(worker, 'message')) as [number];
    await worker.terminate();
    ok(isAlive(pid));
    const server = serverOf();
    const changes: ServerChange[] = [];
    server.onChange((change) => changes.push(change));
    await server.start();
    equal(server.facts.pid, pid);
    process.kill(pid, 'SIGKILL');
    await until(() => changes.length === 2, 5000);
    deepEqual(
      changes.map(({ kind }) => kind),
      ['unavailable', 'available'],
    );
    equal(await ask(server, 'select 1'), 1);
    await server.stop();
  });

  it('starts within five seconds when daemon and postmaster were killed in the middle of a long statement', async () => {
    const { child, pid } = await startElsewhere();
    const server = serverOf();
    await server.start(); // adopts: only to get at the endpoint
    const backend = await busy(server);
    await kill(child);
    process.kill(pid, 'SIGKILL');
    await until(() => server.facts.pid !== null && server.facts.pid !== pid, 5000);
    equal(isAlive(backend), false);
    equal(await ask(server, 'select 1'), 1);
    await server.stop();
    deepEqual(serverProcesses(data), []);
  });

  it('ends orphaned backends before it starts', async () => {
    const { child, pid } = await startElsewhere();
    const port = Number(readFileSync(join(dataDir, 'postgres/port'), 'utf8'));
    const client = new Client({
      host: join(dataDir, 'postgres/run'),
      port,
      ...deriveLogins(testLoginsKey).superuser(),
      database: 'postgres',
    });
    client.on('error', () => {});
    await client.connect();
    const { processID: backend } = client as unknown as { processID: number };
    client
      .query('do $$ begin loop begin perform 1; exception when others then null; end; end loop; end $$')
      .catch(() => {});
    await kill(child);
    process.kill(pid, 'SIGKILL');
    await until(() => !isAlive(pid), 1000);
    ok(isAlive(backend));
    const began = performance.now();
    const server = serverOf();
    await server.start();
    const took = performance.now() - began;
    equal(isAlive(backend), false);
    ok(took < 5000, `${took} ms`);
    await server.stop();
    await client.end().catch(() => {});
  });

  it('is started again when the postmaster is killed, whatever runs', async () => {
    const server = serverOf();
    const changes: ServerChange[] = [];
    server.onChange((change) => changes.push(change));
    await server.start();
    const backend = await busy(server);
    const began = performance.now();
    process.kill(server.facts.pid as number, 'SIGKILL');
    await until(() => changes.length === 2, 5000);
    ok(performance.now() - began < 5000);
    equal(isAlive(backend), false);
    equal(await ask(server, 'select 1'), 1);
    await server.stop();
    deepEqual(serverProcesses(data), []);
  });

  it('is not fooled by a process that got the number of an old postmaster', async () => {
    writeFileSync(
      join(data, 'postmaster.pid'),
      `${process.pid}\n${data}\n1\n5432\n/tmp\nlocalhost\n1 1\nready   \n`,
    );
    const server = serverOf();
    await server.start();
    ok(isAlive(process.pid));
    notEqual(server.facts.pid, process.pid);
    await server.stop();
  });

  it('refuses data of another major version, says what to do and changes nothing', async () => {
    const file = join(data, 'PG_VERSION');
    writeFileSync(file, '17\n');
    const server = serverOf();
    await rejects(server.start(), (error: { code: string; message: string; fix: string }) => {
      equal(error.code, 'MF706');
      match(error.message, /made by PostgreSQL 17; this MagFlock brings PostgreSQL 18/);
      match(error.fix, /pg_dump.*magflock import/);
      return true;
    });
    equal(readFileSync(file, 'utf8'), '17\n');
    writeFileSync(file, '18\n');
  });

  it('refuses data that another master key belongs to, and leaves no process', async () => {
    const server = serverOf({ superuser: deriveLogins('00'.repeat(32)).superuser() });
    await rejects(server.start(), { code: 'MF708' });
    deepEqual(serverProcesses(data), []);
  });

  it('puts its socket elsewhere when the path is too long for one', async () => {
    const long = join(folder('magflock-long-'), 'a'.repeat(60), 'b'.repeat(40));
    mkdirSync(long, { recursive: true, mode: 0o711 });
    const server = serverOf({ dataDir: long });
    await server.start();
    const { host } = server.endpoint;
    ok(Buffer.byteLength(`${host}/.s.PGSQL.65535`) <= 107, host);
    match(server.facts.notes.join(), /too long for a socket/);
    equal(await ask(server, 'select 1'), 1);
    await server.stop();
    removed.push(host);
  });

  it('keeps data elsewhere when its account cannot enter the folder, and finds it again', async function () {
    if (!isRoot) this.skip();
    const closed = mkdtempSync(join(tmpdir(), 'magflock-closed-')); // 0700, root's
    removed.push(closed);
    const inside = join(closed, 'data');
    const first = serverOf({ dataDir: inside });
    await first.start();
    const place = readFileSync(join(inside, 'postgres.place'), 'utf8').trim();
    removed.push(place);
    match(place, /^\/var\/lib\/magflock\/tmp-magflock-closed-/);
    match(first.facts.notes.join(), /cannot enter/);
    await ask(first, 'create database kept');
    await first.stop();
    const second = serverOf({ dataDir: inside });
    await second.start();
    equal(await ask(second, `select count(*) from pg_database where datname = 'kept'`), '1');
    await second.stop();
    ok(existsSync(place));
  });

  it('does not give old data to a folder that was made anew', async function () {
    if (!isRoot) this.skip();
    const closed = mkdtempSync(join(tmpdir(), 'magflock-anew-'));
    removed.push(closed);
    const places: string[] = [];
    for (let round = 0; round < 2; round++) {
      const inside = join(closed, 'data');
      // Another key each time: data of the first round could not be opened.
      const server = serverOf({
        dataDir: inside,
        superuser: deriveLogins(String(round).repeat(64)).superuser(),
      });
      await server.start();
      places.push(readFileSync(join(inside, 'postgres.place'), 'utf8').trim());
      await server.stop();
      rmSync(inside, { recursive: true });
    }
    removed.push(...places);
    notEqual(places[0], places[1]);
  });

  it('runs from a copy when its account cannot enter the program, links made', async function () {
    if (!isRoot) this.skip();
    const closed = mkdtempSync(join(tmpdir(), 'magflock-program-'));
    removed.push(closed, '/var/lib/magflock/program-0.0.0-test');
    const delivered = platformProgram();
    const copy = join(closed, 'native');
    cpSync(delivered.folder, copy, { recursive: true, verbatimSymlinks: true });
    for (const { target } of delivered.links) rmSync(join(copy, target), { force: true });
    const { postgres, initdb, notes } = installProgram(serverAccount(), closed, {
      ...delivered,
      folder: copy,
      version: '0.0.0-test',
    });
    match(notes.join(), /runs from \/var\/lib\/magflock\/program-0\.0\.0-test: .* cannot enter/);
    ok(mayUse(postgres, '-x', serverAccount()));
    // Without the links it cannot load its libraries.
    const child = spawn(initdb, ['--version'], {
      stdio: 'ignore',
      uid: serverAccount()?.uid as number,
      cwd: '/',
    });
    const [code] = (await once(child, 'exit')) as [number];
    equal(code, 0);
    for (const { target } of delivered.links) ok(existsSync(join(copy, target)), target);
  });

  it('makes the library links that npm did not, and leaves those that exist', () => {
    const place = folder('magflock-links-');
    mkdirSync(join(place, 'lib'));
    writeFileSync(join(place, 'lib/liba.so.1.2'), 'a');
    const links = [
      { source: 'lib/liba.so.1.2', target: 'lib/liba.so' },
      { source: 'lib/liba.so.1.2', target: 'lib/liba.so.1' },
    ];
    equal(makeLinks(place, links), true);
    equal(makeLinks(place, links), true);
    equal(readFileSync(join(place, 'lib/liba.so.1'), 'utf8'), 'a');
  });

  async function until(condition: () => boolean, limitMs: number): Promise<void> {
    const end = Date.now() + limitMs;
    while (!condition()) {
      if (Date.now() > end) throw new Error(`not within ${limitMs} ms`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});
