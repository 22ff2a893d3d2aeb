import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readdirSync, readlinkSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type FakeFleet, type FakeGuest, fakeFleet } from '../sandbox/cage/fake-fleet.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type Canaries, putCanaries } from './canaries.ts';
import { attempts } from './inside/attempts.ts';
import { Neighbour } from './neighbour.ts';

const rogueCode = {
  base: fileURLToPath(new URL('../../', import.meta.url)),
  folders: ['sandbox/protocol', 'test/sandbox-escape/inside'],
  entry: 'test/sandbox-escape/inside/rogue.process.ts',
};
/** Needs the network wall: without it an ordinary process may connect. */
const ofNet = /^(tcp|unix|fetch|webSocket|http|udp|dns|listen)/;
/** Without an identity and numbers of its own a process may signal those of its user. */
const ofPid = /^(kill|debug|signal)/;
/** Reaches nothing but the cage itself: with numbers of its own, its parent is itself. */
const harmless = new Set(['debugParent']);

/** As if the isolate had been escaped: the hostile module is the process of the cage, behind all walls. */
describe('a cage whose isolates were escaped', function () {
  this.timeout(30_000);
  const folder = temporaryFolder();
  let canaries: Canaries;
  let fakes: FakeFleet;
  let rogue: FakeGuest;
  let neighbour: Neighbour;
  let walls: readonly string[];

  before(async () => {
    canaries = await putCanaries();
    fakes = fakeFleet(folder(), { code: rogueCode, spare: true });
    const next = await fakes.open('neighbour', { trust: 'core' });
    neighbour = new Neighbour(async () => {
      assert.deepEqual(await next.tell({ do: 'echo', more: { a: 1 } }), { a: 1 });
    });
    await settle();
    walls = fakes.fleet.reports()[0]?.walls ?? [];
  });
  after(async () => {
    process.stdout.write(
      `    p99 of the neighbour ${neighbour.p99.toFixed(1)} ms, walls ${walls.join(' ')}\n`,
    );
    await fakes.fleet.stop();
    await canaries[Symbol.asyncDispose]();
  });
  afterEach(async () => {
    await neighbour.answers();
    canaries.untouched();
  });

  /** Lets the two in again, wherever they were. */
  async function settle(): Promise<void> {
    fakes.fleet.forgive('rogue');
    fakes.fleet.forgive('mate');
    rogue = await fakes.open('rogue');
    await fakes.open('mate');
  }
  const tell = (name: string, more: object = {}): Promise<unknown> =>
    rogue.tell({ do: name, facts: canaries.facts, more }, { ms: 10_000 });

  describe('reaches nothing of the host', () => {
    for (const name of Object.keys(attempts)) {
      it(`by ${name}`, async function () {
        if (ofNet.test(name) && !walls.includes('net')) this.skip();
        if (ofPid.test(name) && !walls.includes('pid')) this.skip();
        const found = await tell(name);
        if (!harmless.has(name)) assert.match(String(found), /^held: /, JSON.stringify(found));
      });
    }

    const looks: [name: string, expected: unknown][] = [
      ['environment', [['LIBC'], null]],
      ['reportVariables', { LIBC: 'glibc' }],
      ['permission', []],
      ['readDescriptors', []],
      ['broadcast', 'said to itself'],
      ['natives', true],
      ['hooks', 'of its own modules'],
      ['print', 'kept by the host'],
    ];
    for (const [name, expected] of looks) {
      it(`by looking at ${name}`, async () => assert.deepEqual(await tell(name), expected));
    }

    it('by its identity, which nobody else has', async function () {
      if (!walls.includes('uid')) this.skip();
      const [uid, gid, groups] = (await tell('identity')) as [number, number, number[]];
      assert.ok(uid > 65_535 && gid === uid);
      assert.deepEqual(groups, [uid]);
    });

    it('by a descriptor it was not given', function () {
      if (process.platform !== 'linux' || process.getuid?.() !== 0) this.skip();
      const at = `/proc/${rogue.tenant.pid}`;
      const own = readlinks('/proc/self/fd');
      for (const [fd, target] of readlinks(`${at}/fd`)) {
        if (target.startsWith('anon_inode:') || target === '/dev/null') continue;
        // The empty root of its own, opened by Node.
        if (target === '/') assert.equal(statSync(`${at}/fd/${fd}`).ino, statSync(`${at}/root/`).ino);
        else assert.match(target, /^(pipe|socket):/);
        assert.equal([...own.values()].includes(target), false, `${fd} is ${target}`);
      }
    });
  });

  it('does not get a file that the daemon was started with', async () => {
    const places = new Array<'ignore' | number>(40).fill('ignore');
    const file = openSync(canaries.facts.file, 'r');
    const script = fileURLToPath(new URL('./inside/handed-on.process.ts', import.meta.url));
    const child = spawn(process.execPath, [script, folder()], {
      stdio: ['ignore', 'pipe', 'inherit', ...places, file],
    });
    const [said] = await Promise.all([text(child.stdout as NodeJS.ReadableStream), once(child, 'close')]);
    closeSync(file);
    assert.equal(said, '[]');
  });

  it('has no wall less for an ordinary user but an identity of its own', function () {
    if (process.getuid?.() !== 0) this.skip();
    const script = fileURLToPath(new URL('./inside/ordinary.process.ts', import.meta.url));
    const place = spawnSync('mktemp', ['-d'], { uid: 65_534, gid: 65_534, encoding: 'utf8' }).stdout.trim();
    const run = spawnSync(process.execPath, [script, place, JSON.stringify(canaries.facts)], {
      uid: 65_534,
      gid: 65_534,
      cwd: '/',
      encoding: 'utf8',
      timeout: 25_000,
    });
    spawnSync('rm', ['-rf', place]);
    // Its own folder must let others in, or nothing can be run here.
    if (/EACCES|ENOENT|MODULE_NOT_FOUND/.test(run.stderr)) this.skip();
    assert.equal(run.status, 0, run.stderr);
    const found = JSON.parse(run.stdout) as { walls: string[]; through: string[] };
    process.stdout.write(
      `    as an ordinary user: ${found.walls.join(' ')}; through: ${found.through.join(' ')}\n`,
    );
    const open = found.through.filter(
      (name) =>
        // It is user 0 of its own namespace already, which is nobody outside.
        !(/^set[ug]id$/.test(name) && found.walls.includes('user')) &&
        !(ofNet.test(name) && !found.walls.includes('net')) &&
        !(ofPid.test(name) && !found.walls.includes('pid')),
    );
    assert.deepEqual(open, []);
  });

  describe('gains nothing by using things up', () => {
    const fatal: Readonly<Record<string, RegExp>> = {
      spin: /^silent$/,
      wait: /^silent$/,
      stop: /^silent$/,
      blockOnRead: /^silent$/,
      closeLine: /^silent$/,
      deaf: /^silent$/,
      loris: /^silent$/,
      heap: /^(silent|exit|memory)$/,
      dump: /^exit$/,
      leave: /^exit$/,
    };
    it(`${Object.keys(fatal).join(', ')}: each ends its own cage, soon`, async () => {
      const alone = fakeFleet(folder(), { code: rogueCode, spare: false, tenantsPerCage: { signed: 1 } });
      try {
        const guests = new Map<string, FakeGuest>();
        for (const name of Object.keys(fatal)) guests.set(name, await alone.open(name));
        const told = [...guests].map(async ([name, guest]) => {
          const order = { do: name, facts: canaries.facts };
          await assert.rejects(guest.tell(order), { code: 'MF601' }, name);
          assert.equal((await guest.ended).cage, 'killed');
        });
        await neighbour.answers(20);
        await Promise.all(told);
        for (const { reason, tenants, detectedMs } of alone.ends) {
          const [name = ''] = tenants;
          assert.match(reason, fatal[name] as RegExp, name);
          assert.ok(detectedMs < 10_000, `${name}: ${detectedMs} ms`);
        }
        assert.equal(alone.ends.length, guests.size);
      } finally {
        await alone.fleet.stop();
      }
    });

    const bearable = [...['descriptorFlood', 'threadWork', 'timers', 'asyncHooks', 'printFlood', 'logFlood']];
    for (const name of bearable) {
      it(`${name}: it goes on within its bounds`, async () => {
        let outcome: unknown;
        // On a machine that has no time for it, a busy cage may be taken for a silent one.
        for (let turn = 0; turn < 3 && (outcome === undefined || outcome === 'MF601'); turn += 1) {
          await settle();
          outcome = await tell(name).catch((error: { code?: string }) => error.code);
        }
        assert.notEqual(outcome, 'MF601', JSON.stringify(fakes.ends.at(-1)));
        if (name === 'descriptorFlood') assert.deepEqual(outcome, { few: true, code: 'EMFILE' });
      });
    }

    it('a storm of system calls: it goes on, or its own signs of life drown in it', async () => {
      await settle();
      const before = fakes.ends.length;
      await tell('syscallStorm').catch((error: { code?: string }) => assert.equal(error.code, 'MF601'));
      for (const { reason, suspects } of fakes.ends.slice(before)) {
        assert.match(reason, /^(silent|breach)$/);
        assert.equal(suspects.includes('neighbour'), false);
      }
    });

    it('memory of a cage has a bound, whoever takes it', async () => {
      const small = fakeFleet(folder(), { code: rogueCode, spare: false, memoryMegabytes: 512 });
      try {
        for (const name of ['buffers', 'slowMemory', 'wasm']) {
          small.fleet.forgive('greedy');
          const greedy = await small.open('greedy');
          await assert.rejects(greedy.tell({ do: name, facts: canaries.facts }), { code: 'MF601' }, name);
          assert.match(small.ends.at(-1)?.reason ?? '', /^(memory|exit|silent)$/, name);
        }
      } finally {
        await small.fleet.stop();
      }
    });
  });

  function readlinks(place: string): ReadonlyMap<string, string> {
    return new Map(
      readdirSync(place).flatMap((fd): [string, string][] => {
        try {
          return [[fd, readlinkSync(`${place}/${fd}`)]];
        } catch {
          return [];
        }
      }),
    );
  }
  async function text(stream: NodeJS.ReadableStream): Promise<string> {
    let all = '';
    for await (const chunk of stream) all += chunk;
    return all;
  }
});
