import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { Cage } from '../../../sandbox/cage/cage.ts';
import { cageImage } from '../../../sandbox/cage/cage-image.ts';
import { CageGroup } from '../../../sandbox/cage/confine/cage-group.ts';
import { confinedCommand } from '../../../sandbox/cage/confine/confined-command.ts';
import { freeUid } from '../../../sandbox/cage/confine/free-uid.ts';
import { measureWalls } from '../../../sandbox/cage/confine/measure-walls.ts';
import type { Wall } from '../../../sandbox/cage/confine/wall.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { type FakeFleet, fakeFleet } from './fake-fleet.ts';

const asRoot = process.getuid?.() === 0;
const code = {
  base: fileURLToPath(new URL('../../../', import.meta.url)),
  folders: ['sandbox/protocol'],
  entry: 'sandbox/protocol/frame-kind.ts',
};

/** One that has ended and waits for init to take note of it is not alive. */
function alive(pid: number): boolean {
  try {
    return !/^State:\s+[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the walls around a cage', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();

  describe('from inside, as if the isolate had been escaped', () => {
    let fakes: FakeFleet;
    beforeEach(() => {
      fakes = fakeFleet(folder(), { spare: false });
    });
    afterEach(() => fakes.fleet.stop());

    it('leave no file, no variable, no program and no identity', async () => {
      process.env['MAGFLOCK_TEST_CANARY'] = 'canary';
      const guest = await fakes.open('a');
      delete process.env['MAGFLOCK_TEST_CANARY'];
      const found = (await guest.tell({ do: 'walls' })) as Record<string, unknown>;
      assert.deepEqual(found['env'], ['LIBC']);
      for (const name of ['passwd', 'environ', 'root', 'write', 'spawn']) {
        assert.equal(found[name], 'refused: ERR_ACCESS_DENIED', name);
      }
      if (!asRoot) return;
      assert.ok(Number(found['uid']) > 0);
      assert.equal(found['gid'], found['uid']);
      assert.deepEqual(found['groups'], [found['uid']]);
    });

    it('leave no network, not even of this machine', async function () {
      const server = createServer((socket) => socket.end()).listen(0, '127.0.0.1');
      await once(server, 'listening');
      try {
        const guest = await fakes.open('a');
        if (!fakes.fleet.reports()[0]?.walls.includes('net')) this.skip();
        const found = (await guest.tell({ do: 'walls' })) as Record<string, unknown>;
        assert.deepEqual(found['addresses'], []);
        const { port } = server.address() as AddressInfo;
        assert.equal(await guest.tell({ do: 'connect', text: String(port) }), 'ENETUNREACH');
      } finally {
        server.close();
      }
    });
  });

  it('are told as the kernel tells them', async () => {
    const fakes = fakeFleet(folder(), { spare: false });
    try {
      const one = await fakes.open('a');
      const two = await fakes.open('b', { trust: 'unsigned' });
      for (const { pid, walls } of fakes.fleet.reports()) {
        assert.ok(walls.includes('permission'));
        const status = readFileSync(`/proc/${pid}/status`, 'utf8');
        assert.equal(walls.includes('nnp'), /^NoNewPrivs:\s+1$/m.test(status));
        assert.equal(walls.includes('caps'), /^CapBnd:\s+0+$/m.test(status));
        if (asRoot) assert.ok(walls.includes('uid'));
        if (!walls.includes('mount')) continue;
        const mounts = readFileSync(`/proc/${pid}/mountinfo`, 'utf8').trim().split('\n');
        assert.deepEqual(
          mounts.map((line) => line.split(' ')[4]),
          ['/', '/node'],
        );
      }
      if (asRoot)
        assert.notEqual(statSync(`/proc/${one.tenant.pid}`).uid, statSync(`/proc/${two.tenant.pid}`).uid);
    } finally {
      await fakes.fleet.stop();
    }
  });

  it('are looked at before a cage is used', async () => {
    const ended = Promise.withResolvers<string>();
    const image = cageImage(folder(), {
      base: code.base,
      folders: ['sandbox/protocol', 'test/sandbox/cage/inside'],
      entry: 'test/sandbox/cage/inside/hostile.process.ts',
    });
    const walls = new Set<Wall>(['permission']);
    const cage = new Cage({
      command: confinedCommand({ image, tools: {}, walls, uid: undefined, dataBytes: 1 }),
      detectionMs: 10_000,
      memoryBytes: 2 ** 40,
      ended: ({ detail }) => ended.resolve(detail),
      vacated: () => undefined,
      lacking: (pid) => (measureWalls(pid).includes('uid') ? undefined : 'uid'),
    });
    await assert.rejects(cage.ready, { code: 'MF660' });
    assert.equal(await ended.promise, 'it has no wall uid');
    await cage.gone;
  });

  it('are none around an ordinary process, whatever was asked for', () => {
    assert.deepEqual(
      measureWalls(process.pid, 'magflock-cage-0-0').filter((wall) => wall !== 'caps' && wall !== 'nnp'),
      [],
    );
    assert.deepEqual(measureWalls(0x7fff_fff0), []);
  });

  it('leave no cage behind when the daemon is killed, not even one that spins', async () => {
    const script = fileURLToPath(new URL('./inside/daemon.process.ts', import.meta.url));
    const daemon = spawn(process.execPath, [script, folder()], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [line] = await once(daemon.stdout, 'data');
    const pids = JSON.parse(String(line)) as number[];
    assert.equal(pids.length, 3);
    assert.ok(pids.every(alive));
    daemon.kill('SIGKILL');
    await once(daemon, 'exit');
    for (let tries = 0; tries < 500 && pids.some(alive); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.deepEqual(pids.filter(alive), []);
  });

  it('leave no cage behind when the thread of the fleet ends', async () => {
    const thread = new Worker(new URL('./inside/daemon.process.ts', import.meta.url), {
      argv: [folder()],
      stdout: true,
    });
    const [line] = await once(thread.stdout, 'data');
    const pids = JSON.parse(String(line)) as number[];
    assert.ok(pids.every(alive));
    await thread.terminate();
    for (let tries = 0; tries < 500 && pids.some(alive); tries++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    assert.deepEqual(pids.filter(alive), []);
  });

  it('are asked for in the right order', () => {
    const tools = Object.fromEntries(
      ['setpriv', 'unshare', 'prlimit', 'sh', 'mount', 'umount', 'pivot_root'].map((name) => [
        name,
        `/x/${name}`,
      ]),
    );
    const image = {
      root: '/i',
      folder: '/i/image',
      entry: 'e.ts',
      libc: 'glibc',
      isThere: () => true,
      node: () => '/x/node',
    } as const;
    const rows: [Wall[], number | undefined, string[]][] = [
      [['permission'], undefined, ['setpriv', 'node']],
      [['permission', 'uid'], 7, ['setpriv', 'node']],
      [['permission', 'uid', 'caps', 'prlimit'], 7, ['setpriv', 'prlimit', 'setpriv', 'node']],
      [['permission', 'uid', 'caps', 'net', 'pid'], 7, ['setpriv', 'unshare', 'setpriv', 'node']],
      [
        ['permission', 'user', 'caps', 'net'],
        undefined,
        ['unshare', 'setpriv', 'unshare', 'setpriv', 'node'],
      ],
    ];
    for (const [walls, uid, programs] of rows) {
      const { file, args, env, identity } = confinedCommand({
        image,
        tools,
        walls: new Set(walls),
        uid,
        dataBytes: 1,
      });
      const all = [file, ...args];
      assert.deepEqual(
        all.filter((word) => word.startsWith('/x/')).map((word) => word.slice(3)),
        programs,
      );
      assert.deepEqual(env, { LIBC: 'glibc' });
      // One of the two changes the identity, whenever there is one to change to.
      const changed = all.includes('--reuid') || identity !== undefined;
      assert.equal(changed, uid !== undefined);
      assert.deepEqual(all.slice(all.indexOf('/x/node') + 1), [
        '--permission',
        '--allow-addons',
        '--allow-fs-read=/i/image/*',
        '--disable-sigusr1',
        '--no-node-snapshot',
        '--no-warnings',
        '--expose-gc',
        '/i/image/e.ts',
      ]);
    }
  });

  it('give each cage a uid that nobody has', () => {
    const uids = Array.from({ length: 20 }, () => freeUid());
    assert.equal(new Set(uids).size, 20);
    assert.ok(uids.every((uid) => uid > 65_535 && uid < 2 ** 31));
  });

  it('write the bound of a delegated control group, and take the group away', () => {
    const group = new CageGroup(folder(), 1000);
    assert.equal(readFileSync(join(folder(), group.name, 'memory.limit_in_bytes'), 'utf8'), '1000');
    group.add(42);
    assert.equal(readFileSync(join(folder(), group.name, 'cgroup.procs'), 'utf8'), '42');
    const nowhere = new CageGroup(join(folder(), 'missing'), 1000);
    nowhere.add(42);
    nowhere.remove();
  });
});

describe('the image of a cage', () => {
  const folder = temporaryFolder();

  it('has the code, isolated-vm for this platform and nothing else of ours', () => {
    const image = cageImage(folder(), code);
    const files = readdirSync(image.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(image.folder.length + 1));
    const native = files.filter((file) => file.endsWith('.node'));
    assert.ok(native.length > 0);
    assert.ok(native.every((file) => file.includes(`abi${process.versions.modules}`)));
    assert.ok(files.includes(image.entry));
    const tops = new Set(files.map((file) => file.split('/').slice(0, 2).join('/')));
    assert.deepEqual(
      [...tops].sort(),
      ['node_modules/isolated-vm', 'node_modules/node-gyp-build', 'package.json', 'sandbox/protocol'].sort(),
    );
  });

  it('can be read by everybody, whatever the umask', () => {
    const before = process.umask(0o077);
    try {
      const image = cageImage(join(folder(), 'deep', 'down'), code);
      assert.equal(statSync(join(folder(), 'deep')).mode & 0o777, 0o755);
      for (const entry of readdirSync(image.root, { recursive: true, withFileTypes: true })) {
        const { mode } = statSync(join(entry.parentPath, entry.name));
        assert.equal(mode & 0o005, entry.isDirectory() ? 0o005 : mode & 0o001 ? 0o005 : 0o004, entry.name);
        assert.equal(mode & 0o022, 0, entry.name);
      }
    } finally {
      process.umask(before);
    }
  });

  it('is refused from a folder that others may write, and removed a month after its last use', () => {
    const first = cageImage(folder(), code);
    const old = new Date(Date.now() - 31 * 24 * 60 * 60 * 1000);
    utimesSync(first.root, old, old);
    const base = join(folder(), 'other');
    mkdirSync(base);
    writeFileSync(join(base, 'a.ts'), '');
    const second = cageImage(folder(), { base, folders: ['.'], entry: 'a.ts' });
    assert.equal(first.isThere(), false);
    assert.equal(second.isThere(), true);
    chmodSync(second.root, 0o777);
    assert.throws(() => cageImage(folder(), { base, folders: ['.'], entry: 'a.ts' }), { code: 'MF660' });
  });

  it('is made once for its content', () => {
    const first = cageImage(folder(), code);
    const { ino } = statSync(first.root);
    assert.equal(cageImage(folder(), code).root, first.root);
    assert.equal(statSync(first.root).ino, ino);
    const base = join(folder(), 'other');
    mkdirSync(base);
    writeFileSync(join(base, 'a.ts'), '');
    const other = cageImage(folder(), { base, folders: ['.'], entry: 'a.ts' });
    writeFileSync(join(base, 'a.ts'), '1');
    assert.notEqual(cageImage(folder(), { base, folders: ['.'], entry: 'a.ts' }).root, other.root);
    assert.deepEqual(
      readdirSync(folder()).filter((name) => !/^(image-[0-9a-f]{32}|other)$/.test(name)),
      [],
    );
  });
});
