import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ExtensionManifest } from '../../../runtime/protocol/extension-manifest.ts';
import { createCageFleet } from '../../../sandbox/cage/create-cage-fleet.ts';
import type { CageFleet } from '../../../sandbox/cage/tenant.ts';
import type { ExtensionCall } from '../../../sandbox/extension/extension-protocol.ts';
import { extensionsBench } from './extensions-bench.ts';
import { installedExample } from './installed-example.ts';

const hello = `export default {
  onRequest(request, context) {
    if (request.path === '/loop') for (;;) {}
    if (request.path === '/throw') throw new Error('no');
    if (request.path === '/steal') return context.net.fetch('http://evil.example');
    return { status: 200, body: { hello: request.params?.who ?? null, project: context.project } };
  },
  onBefore(facts) {
    return facts.body?.title ? { body: { ...facts.body, slug: facts.body.title.toLowerCase() } } : {};
  },
  onEvent(event, context) { context.log.info('event ' + event.name + ' ' + context.project); },
  onSchedule(run, context) { context.log.info('schedule ' + run.name + ' ' + context.project); },
};`;
const numbered = (version: string) => `export default {
  onRequest(request) { return { body: { n: request.n, version: '${version}' } }; },
  onHandover() { return { seen: 1 }; },
  onAdopt() {},
};`;

describe('sandbox: extensions in cages', function () {
  this.timeout(20_000);
  let folder: string;
  let fleet: CageFleet;
  let bench: Awaited<ReturnType<typeof extensionsBench>>;
  const codes = new Map<string, string>();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'magflock-extensions-'));
  });
  beforeEach(async () => {
    fleet = createCageFleet({ folder, spare: true });
    codes.set('hello 1.0.0', hello);
    bench = await extensionsBench(fleet, {
      readCode: async ({ folder: key }) => codes.get(key) ?? '',
      now: Date.now,
    });
  });
  afterEach(() => bench.close());
  after(() => rm(folder, { recursive: true, force: true }));

  const call = (entry: ExtensionCall['entry'], payload: unknown, id = 'acme.hello') =>
    bench.runtime.call(
      id,
      { entry, payload: JSON.stringify(payload), project: 'main', requestId: null },
      { timeoutMs: 10_000 },
    );
  const ask = (path: string, id?: string) =>
    call('request', { project: 'main', path, params: { who: 'you' } }, id);
  const codeOf = (asking: Promise<unknown>) =>
    asking.then(
      () => 'answered',
      (error: MagFlockError) => error.code,
    );

  it('serves a route and a before-hook, hears events, runs on schedule', async () => {
    const manifest: Partial<ExtensionManifest> = {
      events: ['database.row.written'],
      schedules: [{ name: 'tick', cron: '* * * * * *' }],
      permissions: [{ capability: 'events.on', scope: ['*'], reason: 'x' }],
    };
    await bench.runtime.start(installedExample({ manifest }));
    assert.deepEqual(JSON.parse(await ask('/hello/you')), {
      status: 200,
      body: { hello: 'you', project: 'main' },
    });
    assert.deepEqual(JSON.parse(await call('before', { project: 'main', body: { title: 'A B' } })), {
      body: { title: 'A B', slug: 'a b' },
    });
    await bench.kit.announce('database.row.written', { project: 'main' });
    await bench.kit.timers.pass(1_000);
    const said = () => bench.runtime.logs('acme.hello', 10).map(({ text }) => text);
    while (!said().includes('event database.row.written main')) await wait(5);
    assert.equal(await codeOf(ask('/throw')), 'MF662');
    assert.equal(fleet.reports()[0]?.tenants.includes('acme.hello'), true);
  });

  it('a loop is MF661 and ended, and over and over it is quarantine', async () => {
    await bench.runtime.start(installedExample());
    const codes: string[] = [];
    for (let round = 0; round < 12 && codes.at(-1) !== 'MF663'; round += 1) {
      const asking = codeOf(ask('/loop'));
      await Promise.race([asking, pass(asking)]);
      codes.push(await asking);
    }
    assert.equal(codes[0], 'MF661');
    assert.equal(codes.at(-1), 'MF663');
    assert.equal(bench.quarantined.length, 1);
    assert.ok((bench.runtime.facts('acme.hello')?.usage.refusals['cpuMsPerCall'] ?? 0) > 0);
    assert.ok(bench.audited.some(({ action }) => action === 'extension.quarantined'));
  });

  /** Lets the time of the actor pass while something is under way: delays of restarts are its timers. */
  async function pass(until: Promise<unknown>): Promise<void> {
    let over = false;
    void until.finally(() => {
      over = true;
    });
    while (!over) {
      await bench.kit.timers.pass(1_000);
      await wait(2);
    }
  }

  it('after a SIGKILL of their cage its tenants answer again', async () => {
    const other = installedExample({ id: 'acme.other', name: 'other' });
    codes.set('other 1.0.0', hello);
    await bench.runtime.start(installedExample());
    await bench.runtime.start(other);
    await Promise.all([ask('/'), ask('/', 'acme.other')]);
    const [cage] = fleet.reports().filter(({ tenants }) => tenants.length > 0);
    assert.deepEqual([...(cage?.tenants ?? [])].sort(), ['acme.hello', 'acme.other']);
    process.kill(cage?.pid as number, 'SIGKILL');
    while (bench.runtime.facts('acme.hello')?.state !== 'idle') await wait(1);
    const began = performance.now();
    await Promise.all([ask('/'), ask('/', 'acme.other')]);
    assert.ok(performance.now() - began < 5_000);
    for (const id of ['acme.hello', 'acme.other']) {
      const facts = bench.runtime.facts(id);
      assert.deepEqual([facts?.state, facts?.restarts, facts?.incarnation], ['active', 1, 2]);
    }
    assert.deepEqual(bench.audited, []);
  });

  it('a numbered stream through swaps and kills: answered once each, MF601 only with a cage', async () => {
    codes.set('hello 1.0.0', numbered('1.0.0'));
    codes.set('hello 2.0.0', numbered('2.0.0'));
    await bench.runtime.start(installedExample());
    const outcomes: string[] = [];
    const answered = new Map<number, number>();
    const pending = new Set<Promise<void>>();
    let going = true;
    let sent = 0;
    let kills = 0;
    const swaps = (async () => {
      for (let round = 0; round < 10; round += 1) {
        await bench.runtime
          .replace(installedExample({ version: round % 2 === 0 ? '2.0.0' : '1.0.0' }))
          .catch((error: MagFlockError) => assert.equal(error.code, 'MF660'));
        if (round % 4 !== 3) continue;
        kills += 1;
        for (const { pid, tenants } of fleet.reports()) {
          if (tenants.length > 0) process.kill(pid, 'SIGKILL');
        }
      }
      going = false;
    })();
    while (going) {
      const n = sent;
      sent += 1;
      const asking = call('request', { project: 'main', n }).then(
        (text) => {
          assert.equal(JSON.parse(text).body.n, n);
          answered.set(n, (answered.get(n) ?? 0) + 1);
          outcomes.push('answered');
        },
        (error: MagFlockError) => void outcomes.push(error.code),
      );
      pending.add(asking);
      void asking.finally(() => pending.delete(asking));
      if (pending.size >= 32) await Promise.race(pending);
    }
    await swaps;
    await Promise.all(pending);
    assert.equal(outcomes.length, sent);
    assert.ok(kills > 0 && sent > 100);
    assert.ok([...answered.values()].every((times) => times === 1));
    assert.deepEqual(
      [...new Set(outcomes)].filter((one) => one !== 'answered' && one !== 'MF601'),
      [],
    );
    assert.ok(outcomes.filter((one) => one === 'MF601').length <= kills * 64);
  });

  it('a module that does not run does not start, and says why', async () => {
    codes.set('hello 1.0.0', 'export default { onRequest( }');
    await bench.runtime.start(installedExample());
    await assert.rejects(ask('/'), { code: 'MF660' });
    assert.equal(bench.runtime.facts('acme.hello')?.state, 'failed');
  });

  it('who uses what its manifest does not declare is ended, and it is on record', async () => {
    await bench.runtime.start(installedExample());
    assert.equal(await codeOf(ask('/steal')), 'MF601');
    assert.deepEqual(
      bench.syscalls.map(({ capability }) => capability),
      ['net.fetch'],
    );
    assert.equal(bench.events('threat.detected').length, 1);
    assert.ok(bench.audited.some(({ action }) => action === 'extension.ended'));
    assert.equal(bench.quarantined.length, 1);
    assert.equal(await codeOf(ask('/')), 'MF663');
  });
});
