import assert from 'node:assert/strict';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { extensionsBench } from './extensions-bench.ts';
import { FakeFleet } from './fake-fleet.ts';
import { installedExample } from './installed-example.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe('sandbox: the runtime of extensions', () => {
  let fleet: FakeFleet;
  let bench: Awaited<ReturnType<typeof extensionsBench>>;
  const first = installedExample();
  const loads = (code: string) => fleet.loaded.filter((each) => each === code).length;

  beforeEach(async () => {
    fleet = new FakeFleet();
    fleet.guests.set('hello 1.0.0', { request: ({ payload }) => ({ status: 200, body: payload }) });
    bench = await extensionsBench(fleet);
  });
  afterEach(() => bench.close());

  it('the first call brings it to life, those that come meanwhile wait for that', async () => {
    await bench.runtime.start(first);
    assert.equal(bench.runtime.facts('acme.hello')?.state, 'idle');
    const answers = await Promise.all([1, 2, 3].map((n) => bench.request('acme.hello', { n })));
    assert.deepEqual(
      answers.map((text) => JSON.parse(text).body),
      [{ n: 1 }, { n: 2 }, { n: 3 }],
    );
    assert.equal(loads('hello 1.0.0'), 1);
    const facts = bench.runtime.facts('acme.hello');
    assert.deepEqual(
      [facts?.state, facts?.incarnation, facts?.restarts, facts?.usage.calls, facts?.usage.heapBytes],
      ['active', 1, 0, 3, 1_000],
    );
    assert.deepEqual(bench.events('extension.started'), [{ id: 'acme.hello', version: '1.0.0' }]);
  });

  it('with startup in its manifest it starts at once, and a start that fails says why', async () => {
    const eager = installedExample({ manifest: { startup: true } });
    await bench.runtime.start(eager);
    assert.equal(bench.runtime.facts('acme.hello')?.state, 'active');
    fleet.guests.set('hello 1.0.0', {
      load: () => {
        throw new MagFlockError('MF660', 'SyntaxError: no');
      },
    });
    await assert.rejects(bench.runtime.start(eager), { code: 'MF660', message: /SyntaxError: no/ });
    const facts = bench.runtime.facts('acme.hello');
    assert.deepEqual([facts?.state, facts?.reason], ['failed', 'SyntaxError: no']);
  });

  it('a start that fails answers those that wait with MF660; later calls try again', async () => {
    let broken = true;
    fleet.guests.set('hello 1.0.0', {
      load: () => {
        if (broken) throw new MagFlockError('MF660', 'not today');
      },
      request: () => ({ status: 204 }),
    });
    await bench.runtime.start(first);
    await assert.rejects(bench.request(), { code: 'MF660', message: /not today/ });
    broken = false;
    await assert.rejects(bench.request(), { code: 'MF660' });
    await bench.kit.timers.pass(300);
    assert.equal(await bench.request(), '{"status":204}');
    assert.equal(bench.runtime.facts('acme.hello')?.reason, null);
  });

  it('an extension that is not in service, or not there, is MF665', async () => {
    await bench.runtime.start(first);
    await assert.rejects(bench.request('acme.other'), { code: 'MF665' });
    await assert.rejects(bench.request('acme.hello', {}, 'elsewhere'), { code: 'MF665' });
    assert.deepEqual(bench.runtime.logs('acme.other', 10), []);
    assert.equal(bench.runtime.facts('acme.other'), undefined);
  });

  for (const [entry, answer, problem] of [
    ['request', { status: 99 }, /status/],
    ['request', { headers: { 'x\ny': 'z' } }, /headers/],
    ['request', { headers: { a: 'b\r\nset-cookie: c' } }, /headers/],
    ['request', 'x'.repeat(5 * 1024 * 1024), /characters/],
    ['request', 'no json', /no JSON/],
    ['before', { role: 'service_role' }, /role/],
    ['before', { refuse: { status: 500, message: 'x' } }, /status/],
    ['before', { operation: 'drop' }, /operation/],
    ['after', { headers: { 'Set-Cookie': 'a' } }, /headers/],
    ['after', { status: 200 }, /status/],
  ] as const) {
    it(`${entry} may not answer ${JSON.stringify(answer).slice(0, 50)}`, async () => {
      fleet.guests.set('hello 1.0.0', { [entry]: () => answer });
      await bench.runtime.start(first);
      const call = { entry, payload: '{}', project: 'main', requestId: null };
      await assert.rejects(bench.runtime.call('acme.hello', call, { timeoutMs: 1_000 }), {
        code: 'MF662',
        message: problem,
      });
      assert.equal(bench.runtime.facts('acme.hello')?.usage.failures, 1);
    });
  }

  it('a handler that returns nothing is 204 as a route, and changes nothing as a hook', async () => {
    fleet.guests.set('hello 1.0.0', { request: () => null, before: () => null, after: () => null });
    await bench.runtime.start(first);
    const answers: string[] = [];
    for (const entry of ['request', 'before', 'after'] as const) {
      const call = { entry, payload: '{}', project: 'main', requestId: null };
      answers.push(await bench.runtime.call('acme.hello', call, { timeoutMs: 1_000 }));
    }
    assert.deepEqual(answers, ['{"status":204}', '{}', '{}']);
  });

  it('what it asks the host for goes to its broker with project, request and deadline of the call', async () => {
    fleet.guests.set('hello 1.0.0', {
      async request({ host, tag }) {
        const signal = AbortSignal.abort();
        return { body: await host.syscall({ capability: 'cache', method: 'get', args: ['k'], tag, signal }) };
      },
    });
    const cache = { capability: 'cache', scope: ['*'], reason: 'x' } as const;
    await bench.runtime.start(
      installedExample({ projects: ['main', 'shop'], manifest: { permissions: [cache] } }),
    );
    assert.equal(await bench.request('acme.hello', {}, 'shop'), '{"body":{"project":"shop"}}');
    const [call] = bench.syscalls;
    assert.deepEqual(
      [call?.capability, call?.method, call?.project, call?.requestId],
      ['cache', 'get', 'shop', 'r-1'],
    );
    assert.ok((call?.deadline ?? 0) <= bench.platform.now() + 30_000);
  });

  it('one that ends is started again: running calls are MF601, those that come then are answered', async () => {
    let hang = true;
    fleet.guests.set('hello 1.0.0', {
      request: () => (hang ? new Promise(() => {}) : { status: 204 }),
    });
    await bench.runtime.start(first);
    const running = bench.request();
    while (bench.runtime.facts('acme.hello')?.usage.concurrentCalls !== 1) await turn();
    hang = false;
    fleet.end('hello 1.0.0');
    await assert.rejects(running, { code: 'MF601' });
    assert.equal(await bench.request(), '{"status":204}');
    const facts = bench.runtime.facts('acme.hello');
    assert.deepEqual([facts?.incarnation, facts?.restarts], [2, 1]);
    assert.deepEqual(bench.events('extension.failed'), [
      { id: 'acme.hello', reason: 'fault: as the test says' },
    ]);
    assert.deepEqual(
      bench.audited.map(({ kind, project, action, target }) => [kind, project, action, target]),
      [['threat', 'main', 'extension.ended', 'acme.hello']],
    );
  });

  it('restarts after the first wait longer and longer; more than five in a minute are quarantine', async () => {
    await bench.runtime.start(first);
    await bench.request();
    fleet.end('hello 1.0.0');
    await bench.request();
    for (const delay of [100, 200, 400, 800]) {
      fleet.end('hello 1.0.0');
      const waiting = bench.request();
      await bench.kit.timers.pass(delay - 1);
      assert.equal(bench.runtime.facts('acme.hello')?.state, 'starting');
      await bench.kit.timers.pass(1);
      await waiting;
    }
    fleet.end('hello 1.0.0');
    const facts = bench.runtime.facts('acme.hello');
    assert.equal(facts?.state, 'quarantined');
    assert.match(facts?.reason ?? '', /more than 5 restarts in 60 s/);
    await assert.rejects(bench.request(), { code: 'MF663', message: /more than 5 restarts/ });
    assert.equal(bench.quarantined.length, 1);
    assert.equal(bench.events('extension.quarantined').length, 1);
    assert.ok(bench.audited.some(({ action }) => action === 'extension.quarantined'));
    assert.deepEqual(bench.closedBrokers, ['acme.hello 1.0.0']);
  });

  it('a clock that is set back by hours keeps nothing out of service', async () => {
    let back = 0;
    const start = Date.now();
    const odd = await extensionsBench(fleet, { now: () => start + odd.kit.timers.now - back });
    try {
      await odd.runtime.start(first);
      await odd.request();
      for (let ends = 0; ends < 3; ends += 1) {
        fleet.end('hello 1.0.0');
        back += 3_600_000;
        assert.match(await odd.request(), /"status":200/);
      }
      assert.equal(odd.quarantined.length, 0);
    } finally {
      await odd.close();
    }
  });

  it('ends of its cage do not count against it: the fleet judges those', async () => {
    await bench.runtime.start(first);
    for (let round = 0; round < 8; round += 1) {
      await bench.request();
      fleet.end('hello 1.0.0', 'memory', 'killed');
    }
    await bench.request();
    assert.equal(bench.runtime.facts('acme.hello')?.state, 'active');
    assert.deepEqual(bench.audited, []);
  });

  it('one whose cage ends while it starts goes into another, and those that wait notice nothing', async () => {
    let starts = 0;
    fleet.guests.set('hello 1.0.0', {
      request: () => ({ status: 204 }),
      start() {
        starts += 1;
        if (starts < 3) fleet.end('hello 1.0.0', 'fault', 'killed');
      },
    });
    await bench.runtime.start(first);
    assert.equal(await bench.request(), '{"status":204}');
    assert.deepEqual([starts, bench.runtime.facts('acme.hello')?.restarts], [3, 0]);
  });

  it('what waits when it is taken out of service is refused with the reason, and a start lets it in again', async () => {
    const loading: (() => void)[] = [];
    fleet.guests.set('hello 1.0.0', {
      load: () => new Promise<void>((resolve) => void loading.push(resolve)),
      request: () => ({ status: 204 }),
    });
    await bench.runtime.start(first);
    const waiting = bench.request();
    while (loading.length === 0) await turn();
    await bench.runtime.quarantine('acme.hello', 'it smells');
    await assert.rejects(waiting, { code: 'MF663', message: /it smells/ });
    loading.pop()?.();
    await turn();
    assert.deepEqual(fleet.loaded, []);
    // The operator did it, and needs not be told.
    assert.deepEqual(bench.quarantined, []);
    await bench.runtime.start(first);
    assert.ok(fleet.forgiven.includes('acme.hello'));
    const answer = bench.request();
    while (loading.length === 0) await turn();
    loading.pop()?.();
    assert.equal(await answer, '{"status":204}');
  });

  it('one whose quarantine is in the lock file is refused without being loaded', async () => {
    await bench.runtime.start(installedExample({ wanted: 'quarantined', reason: 'of yesterday' }));
    await assert.rejects(bench.request(), { code: 'MF663', message: /of yesterday/ });
    assert.deepEqual(fleet.loaded, []);
    assert.equal(bench.runtime.inService().length, 1);
  });

  it('MF663 of the cages is quarantine', async () => {
    fleet.guests.set('hello 1.0.0', {
      load: () => {
        throw new MagFlockError('MF663', 'it ended three cages');
      },
    });
    await bench.runtime.start(first);
    await assert.rejects(bench.request(), { code: 'MF663', message: /three cages/ });
    assert.deepEqual(bench.quarantined, [['acme.hello', 'it ended three cages']]);
  });

  it('a capability that its manifest does not declare ends it, raises a threat, and takes it out of service', async () => {
    fleet.guests.set('hello 1.0.0', {
      async request({ host, tag }) {
        const signal = AbortSignal.abort();
        await host
          .syscall({ capability: 'net.fetch', method: 'fetch', args: [], tag, signal })
          .catch(() => {});
        return { status: 200, body: 'stolen' };
      },
    });
    await bench.runtime.start(first);
    await assert.rejects(bench.request(), { code: 'MF601' });
    await assert.rejects(bench.request(), { code: 'MF663', message: /net\.fetch/ });
    assert.deepEqual(fleet.loaded, []);
    const [threat] = bench.events('threat.detected') as { readonly signature: string }[];
    assert.equal(threat?.signature, 'undeclared-capability');
    assert.deepEqual(
      bench.audited.map(({ action }) => action),
      ['extension.ended', 'extension.quarantined'],
    );
  });

  it('calls over a limit are MF664, announced, and nothing else at first', async () => {
    fleet.guests.set('hello 1.0.0', {
      request: () => new Promise((resolve) => setImmediate(() => resolve(null))),
    });
    await bench.runtime.start(installedExample({ manifest: { limits: { concurrentCalls: 2 } } }));
    const results = await Promise.allSettled([1, 2, 3, 4].map(() => bench.request()));
    const codes = results.map((one) =>
      one.status === 'rejected' ? (one.reason as MagFlockError).code : 'ok',
    );
    assert.deepEqual(codes.sort(), ['MF664', 'MF664', 'ok', 'ok']);
    const [event] = bench.events('extension.limit.exceeded') as {
      readonly limit: string;
      readonly policy: string;
    }[];
    assert.deepEqual([event?.limit, event?.policy], ['concurrentCalls', 'throttle']);
    assert.equal(bench.runtime.facts('acme.hello')?.state, 'active');
    assert.equal(bench.runtime.facts('acme.hello')?.usage.refusals['concurrentCalls'], 2);
  });

  it('one that is not called gives its isolate back, and gets another when it is', async () => {
    const calls: string[] = [];
    fleet.guests.set('hello 1.0.0', { request: () => null, stop: () => void calls.push('stop') });
    await bench.runtime.start(first);
    await bench.request();
    await bench.kit.timers.pass(299_000);
    assert.equal(loads('hello 1.0.0'), 1);
    await bench.request();
    await bench.kit.timers.pass(299_000);
    assert.equal(loads('hello 1.0.0'), 1);
    await bench.kit.timers.pass(2_000);
    await turn();
    assert.deepEqual([loads('hello 1.0.0'), bench.runtime.facts('acme.hello')?.state], [0, 'idle']);
    assert.deepEqual(calls, ['stop']);
    await bench.request();
    assert.equal(bench.runtime.facts('acme.hello')?.incarnation, 2);
  });

  it('its log keeps a thousand lines, each of which is one line', async () => {
    fleet.guests.set('hello 1.0.0', {
      request({ host }) {
        host.log('info', 'first\n{"level":60,"msg":"forged"}\u001b[2J\u202e');
        for (let n = 0; n < 10; n += 1) host.log('warn', `line ${n}`);
        return null;
      },
    });
    await bench.runtime.start(first);
    await bench.request();
    const lines = bench.runtime.logs('acme.hello', 1_000);
    assert.equal(lines[0]?.text, 'first\\n{"level":60,"msg":"forged"}\\u001b[2J\\u202e');
    assert.equal(lines.length, 11);
    assert.deepEqual(bench.runtime.logs('acme.hello', 1)[0]?.text, 'line 9');
    const logged = bench.kit.logged.find(({ line }) => String(line[1]).startsWith('first'));
    assert.deepEqual(logged?.line[0], { extension: 'acme.hello' });
    assert.ok(!String(logged?.line[1]).includes('\n'));
  });

  it('install and uninstall run in an isolate of their own, in each project', async () => {
    const seen: unknown[] = [];
    fleet.guests.set('hello 1.0.0', {
      install: ({ tag }) => void seen.push((tag as { project: string }).project),
      uninstall: () => {
        throw new MagFlockError('MF662', 'it clings');
      },
    });
    const two = installedExample({ projects: ['main', 'shop'] });
    await bench.runtime.run(two, 'install');
    assert.deepEqual(seen, ['main', 'shop']);
    await assert.rejects(bench.runtime.run(two, 'uninstall'), { code: 'MF660', message: /it clings/ });
    assert.deepEqual(fleet.loaded, []);
    assert.equal(bench.closedBrokers.length, 2);
    await assert.rejects(bench.runtime.run(installedExample({ version: '9.0.0' }), 'install'), {
      code: 'MF660',
    });
  });

  it('stop drains what runs, calls onStop, and refuses what comes then', async () => {
    let answer: (value: unknown) => void = () => {};
    const calls: string[] = [];
    fleet.guests.set('hello 1.0.0', {
      request: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
      stop: () => void calls.push('stop'),
    });
    await bench.runtime.start(first);
    const running = bench.request();
    while (bench.runtime.facts('acme.hello')?.usage.concurrentCalls !== 1) await turn();
    const stopped = bench.runtime.stop('acme.hello');
    await turn();
    await assert.rejects(bench.request(), { code: 'MF665' });
    assert.deepEqual(calls, []);
    answer({ status: 204 });
    assert.equal(await running, '{"status":204}');
    await stopped;
    assert.deepEqual(calls, ['stop']);
    assert.deepEqual(fleet.loaded, []);
  });

  it('of what is not installed any more nothing is kept', async () => {
    fleet.guests.set('hello 1.0.0', { request: ({ host }) => host.log('info', 'said') });
    await bench.runtime.start(first);
    await bench.request();
    bench.runtime.keep(new Set());
    assert.equal(bench.runtime.logs('acme.hello', 10).length, 1);
    await bench.runtime.stop('acme.hello');
    assert.equal(bench.runtime.stopped('acme.hello'), true);
    assert.equal(bench.runtime.logs('acme.hello', 10).length, 1);
    bench.runtime.keep(new Set());
    assert.deepEqual(bench.runtime.logs('acme.hello', 10), []);
    assert.equal(bench.runtime.stopped('acme.hello'), false);
  });

  it('one that its memory ended is told so in its history, its usage, an event and the audit trail', async () => {
    await bench.runtime.start(first);
    await bench.request();
    fleet.end('hello 1.0.0', 'memory');
    const facts = bench.runtime.facts('acme.hello');
    assert.deepEqual(
      facts?.history.map(({ what }) => what),
      ['started', 'ended', 'limit'],
    );
    assert.equal(facts?.usage.refusals['memoryMegabytes'], 1);
    const [event] = bench.events('extension.limit.exceeded') as { readonly limit: string }[];
    assert.equal(event?.limit, 'memoryMegabytes');
    assert.equal(bench.audited[0]?.['action'], 'extension.ended');
    assert.equal(await bench.request().then((text) => JSON.parse(text).status), 200);
  });
});
