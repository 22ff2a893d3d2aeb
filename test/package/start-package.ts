import assert from 'node:assert/strict';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

/**
 * `start-package.ts <folder>`: packs MagFlock, installs the tarball in an empty folder as a user would, starts it
 * under Node 24, reads its API, stops it; then looks at what an older Node says. A script and no mocha test,
 * because it needs the npm registry.
 */
const root = fileURLToPath(new URL('../../', import.meta.url));
const folder = process.argv[2] ?? join(root, '.cache', 'package');
rmSync(folder, { recursive: true, force: true });
mkdirSync(join(folder, 'app'), { recursive: true });
const app = join(folder, 'app');
/** Debian's and most others' user without rights; it needs an entry in passwd, PostgreSQL looks it up. */
const nobody = { uid: 65534, gid: 65534 };
// Under npm's own PATH the pinned Node would hide the one of the host.
const hostPath = (process.env['PATH'] ?? '')
  .split(delimiter)
  .filter((part) => !part.includes('node_modules'))
  .join(delimiter);
const withNode24 = { ...process.env, PATH: `${dirname(process.execPath)}${delimiter}${hostPath}` };

const tarball = pack();
install(tarball);
await startReadStop(join(folder, 'data'));
await startAsOrdinaryUser();
sayWhatAnOldNodeSays();
rmSync(folder, { recursive: true, force: true });

function pack(): string {
  const output = execFileSync('npm', ['pack', '--json', '--pack-destination', folder], {
    cwd: root,
    env: withNode24,
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 64 * 1024 * 1024,
  }).toString();
  const [packed] = JSON.parse(output.slice(output.indexOf('[\n'))) as {
    filename: string;
    size: number;
    files: { path: string }[];
  }[];
  assert.ok(packed !== undefined);
  const allowed =
    /^(bootstrap\/|dist\/|config\/(magflock\.example\.jsonc|README\.md)$|[A-Z]+(\.md)?$|package\.json$)/;
  const strange = packed.files.map((file) => file.path).filter((path) => !allowed.test(path));
  assert.deepEqual(strange, [], 'the tarball has files that do not belong in it');
  const sources = packed.files.filter(
    ({ path }) =>
      path.endsWith('.ts') &&
      !path.endsWith('.d.ts') &&
      // Never run by Node: copied for authors, or bundled when they are packed.
      !/^dist\/extensions\/(templates|slug|soft-delete|daily-digest)\//.test(path),
  );
  assert.deepEqual(sources, [], 'the tarball has TypeScript, which Node does not run below node_modules');
  for (const name of ['values.onnx', 'statements.onnx', 'card.json']) {
    const path = `dist/actors/sentinel/models/${name}`;
    assert.ok(
      packed.files.some((file) => file.path === path),
      `the tarball has no ${path}`,
    );
  }
  say(`packed ${packed.filename}: ${packed.files.length} files, ${Math.round(packed.size / 1000)} kB`);
  return join(folder, packed.filename);
}

function install(file: string): void {
  const args = ['install', '--prefer-offline', '--no-audit', '--no-fund', file];
  // As the README says: the script of onnxruntime-node would fetch CUDA libraries from elsewhere than the registry.
  const env = { ...withNode24, ONNXRUNTIME_NODE_INSTALL: 'skip' };
  execFileSync('npm', args, { cwd: app, env, stdio: ['ignore', 'inherit', 'inherit'] });
  const bin = join(app, 'node_modules', '.bin', 'magflock');
  assert.ok(existsSync(bin) && (statSync(bin).mode & 0o111) !== 0, 'the command is not executable');
}

/** Root can do things that others cannot: once more as a user who owns the folder and nothing else. */
async function startAsOrdinaryUser(): Promise<void> {
  if (process.getuid?.() !== 0) return say('run by an ordinary user already');
  const home = join(folder, 'home');
  mkdirSync(home);
  chmodSync(folder, 0o755);
  chownSync(home, nobody.uid, nobody.gid);
  say('once more as the user nobody');
  await startReadStop(join(home, 'data'), { ...nobody, env: { ...withNode24, HOME: home } });
}

interface Person {
  readonly uid?: number;
  readonly gid?: number;
  readonly env: NodeJS.ProcessEnv;
}

async function startReadStop(data: string, person: Person = { env: withNode24 }): Promise<void> {
  const started = Date.now();
  const magflock = (command: readonly string[]): void => {
    execFileSync('npx', ['magflock', ...command, '--data', data], { cwd: app, stdio: 'inherit', ...person });
  };
  const args = ['magflock', 'start', '--json', '--data', data, '--port', '0', '--admin-port', '0'];
  const child = spawn('npx', args, { cwd: app, stdio: ['ignore', 'pipe', 'inherit'], ...person });
  const closed = once(child, 'close');
  try {
    const url = await untilReady(child.stdout, closed);
    say(`ready after ${Date.now() - started} ms on ${url}`);
    const key = /^secret (\S+)/m.exec(readFileSync(join(data, 'first-keys.txt'), 'utf8'))?.[1];
    assert.ok(key !== undefined, 'no secret key in first-keys.txt');
    magflock(['sql', 'create table notes (id serial primary key, title text)']);
    const headers = { 'x-api-key': key, 'content-type': 'application/json' };
    const made = await untilServed(() =>
      fetch(`${url}/api/notes`, { method: 'POST', headers, body: '{"title":"milk"}' }),
    );
    assert.equal(made.status, 201, await made.text());
    const list = await fetch(`${url}/api/notes?fields=title`, { headers });
    assert.deepEqual(((await list.json()) as { data: unknown }).data, [{ title: 'milk' }]);
    await useExtension(data, url, key, person);
    judgeWithModels(data, person);
    magflock(['stop']);
    const [code] = await closed;
    assert.equal(code, 0, 'the daemon did not end with 0');
    say('table made, row written and read, daemon stopped');
  } finally {
    child.kill('SIGTERM');
  }
}

/** The models and their native library are there and work. */
function judgeWithModels(data: string, person: Person): void {
  const status = execFileSync('npx', ['magflock', 'status', '--json', '--data', data], {
    cwd: app,
    ...person,
  });
  const { parts } = JSON.parse(status.toString()) as {
    parts: { name: string; capabilities: string[]; health: { status: string; summary: string } }[];
  };
  const patrol = parts.find(({ name }) => name === 'patrol');
  assert.equal(patrol?.health.status, 'ok', patrol?.health.summary);
  assert.match(patrol.capabilities.join(), /models shipped-[0-9a-f]{8},onnxruntime/);
  say(`the patrol has ${patrol.capabilities.join(', ')}`);
}

/** As its author and its operator would, in a folder with a space in its name: made, tested, packed, asked, gone. */
async function useExtension(data: string, url: string, key: string, person: Person): Promise<void> {
  const started = Date.now();
  const cwd = `${data} of mine`;
  mkdirSync(cwd);
  if (person.uid !== undefined) chownSync(cwd, person.uid, person.gid ?? 0);
  const bin = join(app, 'node_modules', '.bin', 'magflock');
  const ext = (...args: readonly string[]): string =>
    execFileSync(bin, ['ext', ...args, '--json', '--data', data], { cwd, ...person }).toString();
  ext('new', 'hello', '--publisher', 'acme');
  assert.equal((JSON.parse(ext('test', 'hello')) as { passed: number }).passed, 3);
  ext('pack', 'hello', '--out', 'hello.magx');
  ext('install', 'hello.magx', '--yes', '--allow-unsigned');
  const ask = async (): Promise<string> => {
    const answer = await fetch(`${url}/ext/hello/hello/you`, { headers: { 'x-api-key': key } });
    return `${answer.status} ${await answer.text()}`;
  };
  assert.equal(await ask(), '200 {"message":"Hello, you!"}');
  const cages = JSON.parse(ext('cages')) as { tenants: string[]; walls: string[] }[];
  const walls = cages.find(({ tenants }) => tenants.includes('acme.hello'))?.walls ?? [];
  ext('remove', 'hello', '--yes');
  assert.match(await ask(), /^404 /);
  say(`an extension was made, asked and removed in ${Date.now() - started} ms; walls: ${walls.join(' ')}`);
}

async function untilReady(stdout: NodeJS.ReadableStream, closed: Promise<unknown>): Promise<string> {
  const ready = (async () => {
    for await (const line of createInterface({ input: stdout })) {
      const event = JSON.parse(line) as { event: string; url?: string };
      if (event.event === 'ready') return String(event.url).replace(/\/$/, '');
    }
    throw new Error('the daemon ended before it was ready');
  })();
  return await Promise.race([ready, closed.then(() => ready)]);
}

async function untilServed(send: () => Promise<Response>): Promise<Response> {
  const deadline = Date.now() + 5000;
  for (;;) {
    const answer = await send();
    if (answer.status !== 404 || Date.now() > deadline) return answer;
    await answer.body?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** With an older Node on the host: either the pinned one was set up and is used, or MF707 says what to do. */
function sayWhatAnOldNodeSays(): void {
  const old = oldNode();
  if (old === undefined) {
    say('no Node older than 24 on this host: skipped what it would say');
    return;
  }
  const pinned = join(app, 'node_modules', 'node', 'bin');
  rmSync(pinned, { recursive: true, force: true });
  for (const name of readdirSync(join(app, 'node_modules', 'node'), { withFileTypes: true })) {
    if (name.name === 'node_modules') rmSync(join(name.parentPath, name.name), { recursive: true });
  }
  const bin = join(app, 'node_modules', 'magflock', 'bootstrap', 'magflock.js');
  const run = spawnSync(old, [bin, 'start', '--data', join(folder, 'data')], { cwd: app, encoding: 'utf8' });
  assert.equal(run.status, 2, run.stderr);
  assert.match(run.stderr, /error\[MF707\]: MagFlock needs Node 24 or newer, this is Node \d+/);
  assert.match(run.stderr, /\n {2}fix {4}\S/);
  say(`an older Node says:\n${run.stderr}`);
}

function oldNode(): string | undefined {
  return hostPath
    .split(delimiter)
    .map((part) => join(part, 'node'))
    .find((file) => {
      if (!existsSync(file)) return false;
      const version = spawnSync(file, ['-p', 'parseInt(process.versions.node)'], { encoding: 'utf8' });
      return Number(version.stdout) < 24;
    });
}

function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
