import assert from 'node:assert/strict';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { extensionsBench } from './extensions-bench.ts';
import { FakeFleet, type FakeGuest } from './fake-fleet.ts';
import { installedExample } from './installed-example.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const says = (version: string, more: FakeGuest = {}): FakeGuest => ({
  request: () => ({ body: version }),
  ...more,
});

describe('sandbox: hot swap of an extension', () => {
  let fleet: FakeFleet;
  let bench: Awaited<ReturnType<typeof extensionsBench>>;
  const first = installedExample();
  const second = installedExample({ version: '2.0.0', manifest: { stateVersion: 2 } });
  const version = async () => JSON.parse(await bench.request()).body as string;

  beforeEach(async () => {
    fleet = new FakeFleet();
    fleet.guests.set('hello 1.0.0', says('one'));
    fleet.guests.set('hello 2.0.0', says('two'));
    bench = await extensionsBench(fleet);
    await bench.runtime.start(first);
  });
  afterEach(() => bench.close());

  it('new calls go to the new version while those of the old one end in it', async () => {
    let answer: (value: unknown) => void = () => {};
    const calls: string[] = [];
    fleet.guests.set('hello 1.0.0', {
      request: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      stop: () => void calls.push('old stopped'),
    });
    const running = bench.request();
    while (bench.runtime.facts('acme.hello')?.usage.concurrentCalls !== 1) await turn();
    await bench.runtime.replace(second);
    assert.equal(await version(), 'two');
    assert.deepEqual(calls, []);
    answer({ body: 'one' });
    assert.equal(await running, '{"body":"one"}');
    while (fleet.loaded.length > 1) await turn();
    assert.deepEqual(
      [calls, fleet.loaded, bench.closedBrokers],
      [['old stopped'], ['hello 2.0.0'], ['acme.hello 1.0.0']],
    );
    assert.deepEqual(bench.runtime.inService()[0]?.version, '2.0.0');
    const facts = bench.runtime.facts('acme.hello');
    assert.deepEqual([facts?.incarnation, facts?.restarts, facts?.usage.calls], [2, 0, 2]);
  });

  it('state goes over from onHandover to onAdopt, and no call runs between the two', async () => {
    const order: unknown[] = [];
    fleet.guests.set('hello 1.0.0', {
      request: () => void order.push('old call'),
      async handover() {
        const during = bench.request();
        during.then(() => order.push('answered'));
        await turn();
        order.push('handover');
        return { count: 7 };
      },
    });
    fleet.guests.set('hello 2.0.0', {
      request: () => void order.push('new call'),
      adopt: ({ payload }) => void order.push(payload),
    });
    await bench.request();
    await bench.runtime.replace(second);
    await turn();
    await turn();
    assert.deepEqual(order, [
      'old call',
      'handover',
      { fromVersion: 1, state: { count: 7 }, project: 'main' },
      'new call',
      'answered',
    ]);
  });

  const load = () => {
    throw new MagFlockError('MF660', 'SyntaxError');
  };
  const fail = () => {
    throw new MagFlockError('MF662', 'no');
  };
  for (const [what, guest, reason] of [
    ['does not load', { load }, /SyntaxError/],
    ['fails to start', { start: fail }, /no/],
    ['is not healthy', { health: () => ({ status: 'failed', summary: 'empty' }) }, /not healthy: empty/],
    ['answers no health', { health: () => ({ status: 'great' }) }, /health/],
    ['does not adopt', { adopt: fail }, /no/],
    ['ends meanwhile', { start: () => fleet.end('hello 2.0.0') }, /ended: fault|ended while/],
  ] as const satisfies readonly (readonly [string, FakeGuest, RegExp])[]) {
    it(`the old version goes on when the new one ${what}`, async () => {
      fleet.guests.set('hello 1.0.0', says('one', { handover: () => ({}) }));
      fleet.guests.set('hello 2.0.0', says('two', guest));
      assert.equal(await version(), 'one');
      await assert.rejects(bench.runtime.replace(second), { code: 'MF660', message: reason });
      assert.equal(await version(), 'one');
      assert.deepEqual(fleet.loaded, ['hello 1.0.0']);
      assert.deepEqual(bench.closedBrokers, ['acme.hello 2.0.0']);
      const facts = bench.runtime.facts('acme.hello');
      assert.deepEqual([facts?.state, facts?.incarnation], ['active', 1]);
    });
  }

  it('a new version that uses what it does not declare fails its swap, and takes nothing out of service', async () => {
    fleet.guests.set('hello 2.0.0', {
      async start({ host, tag }) {
        const signal = AbortSignal.abort();
        await host.syscall({ capability: 'files', method: 'read', args: [], tag, signal });
      },
    });
    assert.equal(await version(), 'one');
    await assert.rejects(bench.runtime.replace(second), { code: 'MF660' });
    assert.equal(await version(), 'one');
    assert.equal(bench.events('threat.detected').length, 1);
    assert.deepEqual(bench.quarantined, []);
  });

  it('one in quarantine is not replaced', async () => {
    await bench.runtime.quarantine('acme.hello', 'bad');
    await assert.rejects(bench.runtime.replace(second), { code: 'MF663' });
  });

  it('where nothing was in service the new version starts, or is out again', async () => {
    const other = installedExample({ id: 'acme.other', name: 'other' });
    await assert.rejects(bench.runtime.replace(other), { code: 'MF660' });
    assert.equal(bench.runtime.facts('acme.other'), undefined);
    fleet.guests.set('other 1.0.0', says('other'));
    await bench.runtime.replace(other);
    assert.equal(bench.runtime.facts('acme.other')?.state, 'active');
  });

  it('a capability that is granted later comes into its context by a swap with itself', async () => {
    const seen: (readonly string[])[] = [];
    fleet.guests.set(
      'hello 1.0.0',
      says('one', { load: ({ capabilities }) => void seen.push(capabilities) }),
    );
    const cache = { capability: 'cache', scope: ['*'], reason: 'x' } as const;
    await bench.runtime.start(installedExample({ manifest: { permissions: [cache] }, grants: [] }));
    assert.equal(await version(), 'one');
    const grant = { ...cache, grantedAt: '2026-01-01T00:00:00Z' };
    bench.runtime.regrant('acme.hello', [grant]);
    while (bench.runtime.facts('acme.hello')?.incarnation !== 2) await turn();
    bench.runtime.regrant('acme.hello', []);
    for (let n = 0; n < 10; n += 1) await turn();
    assert.deepEqual(seen, [[], ['cache']]);
    assert.equal(await version(), 'one');
  });

  it('what is taken away while it is swapped with itself is not there when the new one serves', async () => {
    const at = { scope: ['*'], reason: 'x', grantedAt: '2026-01-01T00:00:00Z' };
    const cache = { capability: 'cache', ...at } as const;
    const listens = { capability: 'events.on', ...at } as const;
    const started = Promise.withResolvers<null>();
    let starts = 0;
    const start = () => {
      starts += 1;
      return starts === 1 ? null : started.promise;
    };
    fleet.guests.set('hello 1.0.0', says('one', { start }));
    const manifest = { permissions: [cache, listens] };
    await bench.runtime.start(installedExample({ manifest, grants: [listens] }));
    assert.equal(await version(), 'one');
    bench.runtime.regrant('acme.hello', [listens, cache]);
    while (starts < 2) await turn();
    bench.runtime.regrant('acme.hello', [cache]);
    started.resolve(null);
    while (bench.runtime.facts('acme.hello')?.incarnation === 1) await turn();
    const granted = bench.runtime.inService()[0]?.grants.map(({ capability }) => capability);
    assert.deepEqual(granted, ['cache']);
  });

  it('a stream of numbered calls through swaps and kills: each is answered once, and lost only with its cage', async () => {
    const run = new Map<number, number>();
    const numbered = (which: string): FakeGuest => ({
      async request({ payload }) {
        const { n } = payload as { n: number };
        run.set(n, (run.get(n) ?? 0) + 1);
        await turn();
        return { body: { n, which } };
      },
      handover: () => ({}),
      adopt: () => null,
    });
    fleet.guests.set('hello 1.0.0', numbered('1.0.0'));
    fleet.guests.set('hello 2.0.0', numbered('2.0.0'));
    const outcomes = new Map<number, string>();
    const pending: Promise<void>[] = [];
    let sent = 0;
    let swapping = true;
    const swaps = (async () => {
      for (let round = 0; round < 20; round += 1) {
        await bench.runtime.replace(round % 2 === 0 ? second : first);
        await turn();
        if (round % 5 === 4) for (const code of fleet.loaded) fleet.end(code, 'fault', 'killed');
      }
      swapping = false;
    })();
    while (swapping || sent < 500) {
      const n = sent;
      sent += 1;
      pending.push(
        bench.request('acme.hello', { n }).then(
          (text) => {
            assert.equal(JSON.parse(text).body.n, n);
            outcomes.set(n, 'answered');
          },
          (error: MagFlockError) => void outcomes.set(n, error.code),
        ),
      );
      if (n % 3 === 0) await turn();
    }
    await swaps;
    await Promise.all(pending);
    assert.equal(outcomes.size, sent);
    assert.deepEqual([...new Set(outcomes.values())].sort(), ['MF601', 'answered']);
    assert.ok([...run.values()].every((times) => times === 1));
    for (const [n, outcome] of outcomes) if (outcome === 'answered') assert.equal(run.get(n), 1);
    const lost = [...outcomes.values()].filter((one) => one === 'MF601').length;
    assert.ok(lost < sent / 5, `${lost} of ${sent}`);
  });
});
