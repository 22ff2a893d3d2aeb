import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, renameSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FakeCheckout } from './fake-checkout.ts';
import { oldHostNode } from './old-host-node.ts';

const echo =
  'process.stdout.write(JSON.stringify({ args: process.argv.slice(2), flags: process.execArgv }));';
const waits = `
process.on('SIGTERM', () => { process.stdout.write(' terminated'); process.exit(7); });
process.on('SIGINT', () => { process.stdout.write(' interrupted'); process.exit(8); });
setInterval(() => {}, 1000);
process.stdout.write('ready');
`;

describe('bootstrap', () => {
  let checkout: FakeCheckout;
  const make = (main: string): FakeCheckout => {
    checkout = new FakeCheckout(main);
    return checkout;
  };
  afterEach(() => checkout.remove());

  it('installs when node_modules is missing, with npm talking on stderr only', async () => {
    const run = await make(echo).run(['run.js', 'start', '--json']);
    assert.equal(run.code, 0, run.stderr);
    assert.deepEqual(JSON.parse(run.stdout), {
      args: ['start', '--json'],
      flags: ['--disable-sigusr1', '--disable-warning=ExperimentalWarning'],
    });
    assert.match(run.stderr, /installing dependencies[\s\S]*npm talks/);
    assert.equal(checkout.calls(), 1);
  });

  it('does not ask npm again while the lockfile stays the same', async () => {
    await make(echo).run(['run.js', 'start']);
    const again = await checkout.run(['run.js', 'start']);
    assert.equal(again.stderr, '');
    assert.equal(checkout.calls(), 1);
  });

  it('installs again when the lockfile changed', async () => {
    await make(echo).run(['run.js', 'start']);
    checkout.lock('2.0.0');
    const again = await checkout.run(['run.js', 'start']);
    assert.match(again.stderr, /out of date/);
    assert.equal(checkout.calls(), 2);
  });

  it('takes what npm installed by hand for what it is', async () => {
    make(echo).installedByHand('1.0.0');
    assert.equal((await checkout.run(['run.js', 'start'])).code, 0);
    assert.equal(checkout.calls(), 0);
    rmSync(join(checkout.root, 'node_modules', '.magflock-installed'));
    checkout.lock('1.0.1');
    await checkout.run(['run.js', 'start']);
    assert.equal(checkout.calls(), 1);
  });

  it('two at a time install once', async () => {
    make(echo).npm('sleep 1');
    const runs = await Promise.all([1, 2].map(() => checkout.run(['run.js', 'start'])));
    assert.deepEqual(
      runs.map((run) => run.code),
      [0, 0],
    );
    assert.equal(checkout.calls(), 1);
    assert.ok(runs.some((run) => run.stderr.includes('another process is installing')));
  });

  const leftBehind: [name: string, content: string, ageSeconds: number][] = [
    ['a process that is gone', '4194304', 0],
    ['a process that no longer touches it', String(process.pid), 60],
    ['nobody knows whom', '', 60],
  ];
  for (const [name, content, ageSeconds] of leftBehind) {
    it(`a lock left behind by ${name} does not hold anybody up`, async () => {
      make(echo);
      mkdirSync(join(checkout.root, '.cache'));
      const lock = join(checkout.root, '.cache', 'install.lock');
      writeFileSync(lock, content);
      const then = new Date(Date.now() - ageSeconds * 1000);
      utimesSync(lock, then, then);
      assert.equal((await checkout.run(['run.js', 'start'])).code, 0);
      assert.deepEqual(readdirSync(join(checkout.root, '.cache')), []);
    });
  }

  it('says what to do when npm fails, and does not take the rest for installed', async () => {
    make(echo).npm('exit 3');
    const run = await checkout.run(['run.js', 'start']);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /error: npm ci ended with code 3/);
    checkout.npm('exit 0');
    assert.equal((await checkout.run(['run.js', 'start'])).code, 0);
  });

  it('names the tasks when it does not know one', async () => {
    const run = await make(echo).run(['run.js', 'tset']);
    assert.equal(run.code, 2);
    assert.match(run.stderr, /unknown task "tset"; known are start, test, check/);
    assert.equal(checkout.calls(), 0);
  });

  it('magflock passes its arguments and the exit code on', async () => {
    const run = await make(`${echo} process.exitCode = 4;`).run(['magflock.js', 'doctor', '--json']);
    assert.deepEqual((JSON.parse(run.stdout) as { args: string[] }).args, ['doctor', '--json']);
    assert.equal(run.code, 4);
  });

  it('magflock leaves node_modules alone while a daemon may use it, unless it starts one', async () => {
    await make(echo).run(['magflock.js', 'version']);
    checkout.lock('2.0.0');
    await checkout.run(['magflock.js', 'status']);
    assert.equal(checkout.calls(), 1);
    await checkout.run(['magflock.js', 'start']);
    assert.equal(checkout.calls(), 2);
  });

  const signals: [signal: 'SIGTERM' | 'SIGINT', says: string, code: number][] = [
    ['SIGTERM', 'ready terminated', 7],
    ['SIGINT', 'ready interrupted', 8],
  ];
  for (const node of new Set([undefined, oldHostNode()])) {
    for (const [signal, says, code] of signals) {
      const under = node === undefined ? 'Node 24' : 'an older Node';
      it(`${signal} reaches the program and its exit code comes back, under ${under}`, async () => {
        make(waits);
        const run = await checkout.run(['run.js', 'start'], node, (child) => child.kill(signal));
        assert.equal(run.stdout, says);
        assert.equal(run.code, code);
      });
    }
  }

  describe('on an older Node', () => {
    const old = oldHostNode();
    before(function () {
      if (old === undefined) this.skip();
    });

    it('every file can be parsed', () => {
      make(echo);
      const folder = fileURLToPath(new URL('../../bootstrap', import.meta.url));
      for (const file of readdirSync(folder).filter((name) => name.endsWith('.js'))) {
        execFileSync(old!, ['--check', join(folder, file)]);
      }
    });

    it('an installed package uses the Node beside it, else says MF707 and ends with 2', async () => {
      make(echo);
      mkdirSync(join(checkout.root, 'dist'));
      renameSync(join(checkout.root, 'runtime'), join(checkout.root, 'dist', 'runtime'));
      writeFileSync(join(checkout.root, 'dist', 'runtime', 'cli', 'main.js'), echo);
      const without = await checkout.run(['magflock.js', 'start'], old);
      assert.equal(without.code, 2);
      assert.match(without.stderr, /error\[MF707\]: MagFlock needs Node 24 or newer, this is Node/);
      assert.match(without.stderr, /\n {2}fix {4}install Node 24/);
      assert.equal(checkout.calls(), 0, 'an installed package must not install anything');
      mkdirSync(join(checkout.root, 'node_modules', 'node'), { recursive: true });
      writeFileSync(join(checkout.root, 'node_modules', 'node', 'installArchSpecificPackage.js'), '');
      const skipped = await checkout.run(['magflock.js', 'start'], old);
      assert.match(skipped.stderr, /\n {2}fix {4}\(cd \S+\/node_modules\/node && node installArch/);
      const asJson = await checkout.run(['magflock.js', 'start', '--json'], old);
      assert.equal((JSON.parse(asJson.stderr) as { error: { code: string } }).error.code, 'MF707');
      checkout.installedByHand('1.0.0');
      const beside = await checkout.run(['magflock.js', 'start'], old);
      assert.equal(beside.code, 0, beside.stderr);
    });
  });
});
