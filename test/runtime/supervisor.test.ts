import assert from 'node:assert/strict';
import { pino } from 'pino';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Route } from '../../runtime/placement/route.ts';
import { Backoff } from '../../runtime/supervision/backoff.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import { Intensity } from '../../runtime/supervision/intensity.ts';
import { startOrder } from '../../runtime/supervision/start-order.ts';
import { type SupervisionEvent, Supervisor } from '../../runtime/supervision/supervisor.ts';
import { validateChildSpec } from '../../runtime/supervision/validate-child-spec.ts';
import { VirtualClock } from '../supervision/support/virtual-clock.ts';
import { FakePlacement } from './support/fake-placement.ts';

const module = new URL('file:///nowhere.ts');
const child = (id: string, more: Partial<ChildSpec> = {}): ChildSpec => ({
  id,
  module,
  placement: { kind: 'thread' },
  ...more,
});

function make(specs: readonly ChildSpec[]) {
  const placement = new FakePlacement();
  const clock = new VirtualClock();
  const events: SupervisionEvent[] = [];
  const routes = new Map<string, Route>();
  const supervisor = new Supervisor({
    log: pino({ level: 'silent' }),
    clock,
    backoff: { random: () => 1 },
    placement: () => placement,
    announce: (route) => routes.set(route.name, route),
    onEvent: (event) => events.push(event),
  });
  for (const spec of specs) supervisor.add(spec);
  return { supervisor, placement, clock, events, routes };
}

describe('supervisor: which child comes back', () => {
  // restart type × exit reason, the matrix of OTP's supervisor_SUITE (permanent_normal … temporary_abnormal).
  const rows = [
    { otp: 'permanent_normal', restart: 'permanent', reason: 'normal', state: 'ready', incarnation: 2 },
    { otp: 'permanent_abnormal', restart: 'permanent', reason: 'crash', state: 'ready', incarnation: 2 },
    { otp: 'transient_normal', restart: 'transient', reason: 'normal', state: 'stopped', incarnation: 1 },
    { otp: 'transient_abnormal', restart: 'transient', reason: 'crash', state: 'ready', incarnation: 2 },
    { otp: 'temporary_normal', restart: 'temporary', reason: 'normal', state: 'stopped', incarnation: 1 },
    { otp: 'temporary_abnormal', restart: 'temporary', reason: 'crash', state: 'failed', incarnation: 1 },
  ] as const;
  for (const { otp, restart, reason, state, incarnation } of rows) {
    it(`${restart} child, ${reason} exit: ${state}, incarnation ${incarnation} (${otp})`, async () => {
      const { supervisor, clock, routes } = make([child('a', { restart }), child('b')]);
      await supervisor.startAll();
      supervisor.exited({ id: 'a', reason, detail: 'test' });
      await clock.pass(10);
      assert.equal(supervisor.child('a').state, state);
      assert.equal(supervisor.child('a').incarnation, incarnation);
      assert.equal(routes.get('a')?.state, state === 'ready' ? 'ready' : 'unavailable');
      // one_for_one: the sibling is left alone.
      assert.equal(supervisor.child('b').incarnation, 1);
    });
  }

  it('waits between restarts, twice as long each time, and starts over after a quiet time', async () => {
    const { supervisor, clock } = make([child('a')]);
    await supervisor.startAll();
    for (const delay of [10, 20, 40]) {
      supervisor.exited({ id: 'a', reason: 'crash', detail: 'test' });
      await clock.pass(delay - 1);
      assert.equal(supervisor.child('a').state, 'restarting');
      await clock.pass(1);
      assert.equal(supervisor.child('a').state, 'ready');
    }
    await clock.pass(10_000);
    supervisor.exited({ id: 'a', reason: 'crash', detail: 'test' });
    await clock.pass(10);
    assert.equal(supervisor.child('a').state, 'ready');
  });

  it('a start that fails during a restart counts as a failure and is tried again', async () => {
    const { supervisor, clock, placement } = make([child('a')]);
    await supervisor.startAll();
    placement.failures.set('a', 2);
    supervisor.exited({ id: 'a', reason: 'crash', detail: 'test' });
    await clock.pass(10);
    assert.equal(supervisor.child('a').state, 'restarting');
    await clock.pass(20);
    await clock.pass(40);
    assert.equal(supervisor.child('a').state, 'ready');
    assert.equal(supervisor.child('a').incarnation, 4);
    assert.equal(supervisor.child('a').restarts, 1);
  });

  it('quarantines the sixth failure in ten seconds; the rest goes on; restart releases it', async () => {
    const { supervisor, clock, events, routes } = make([child('a'), child('b')]);
    await supervisor.startAll();
    for (let failure = 1; failure <= 5; failure++) {
      supervisor.exited({ id: 'a', reason: 'crash', detail: `failure ${failure}` });
      await clock.pass(200);
      assert.equal(supervisor.child('a').state, 'ready', `after failure ${failure}`);
    }
    supervisor.exited({ id: 'a', reason: 'crash', detail: 'failure 6' });
    await clock.pass(60_000);
    assert.equal(supervisor.child('a').state, 'quarantined');
    assert.equal(supervisor.child('b').state, 'ready');
    assert.equal(routes.get('a')?.state, 'unavailable');
    assert.match(routes.get('a')?.reason ?? '', /quarantined, more than 5 restarts in 10 s, last: failure 6/);
    assert.equal(events.filter(({ kind }) => kind === 'quarantined').length, 1);
    assert.equal(await supervisor.restart('a'), 7);
    assert.equal(supervisor.child('a').state, 'ready');
    supervisor.exited({ id: 'a', reason: 'crash', detail: 'after release' });
    await clock.pass(10);
    assert.equal(supervisor.child('a').state, 'ready');
  });

  it('five failures spread over more than ten seconds of life are no reason for quarantine', async () => {
    const { supervisor, clock } = make([child('a')]);
    await supervisor.startAll();
    for (let failure = 0; failure < 20; failure++) {
      supervisor.exited({ id: 'a', reason: 'crash', detail: 'test' });
      // The longest backoff, and two and a half seconds of life.
      await clock.pass(7_500);
    }
    assert.equal(supervisor.child('a').state, 'ready');
  });

  it('a shutdown in the midst of restarts ends them (hanging_restart_loop)', async () => {
    const { supervisor, clock, placement } = make([child('a')]);
    await supervisor.startAll();
    placement.failures.set('a', 1_000);
    supervisor.exited({ id: 'a', reason: 'crash', detail: 'test' });
    await clock.pass(10);
    await supervisor.stopAll();
    assert.equal(clock.pending, 0);
    const starts = placement.calls.length;
    await clock.pass(60_000);
    assert.equal(placement.calls.length, starts);
    assert.equal(supervisor.child('a').state, 'stopped');
  });

  it('an operator restart stops the running incarnation first', async () => {
    const { supervisor, placement, events } = make([child('a')]);
    await supervisor.startAll();
    await supervisor.restart('a');
    assert.deepEqual(placement.calls, ['start a', 'open a', 'stop a', 'start a', 'open a']);
    assert.equal(events.at(-1)?.kind, 'restarted');
  });

  it('brings the replicas that live on up to date before the owner answers again', async () => {
    const { supervisor, placement, clock } = make([
      child('owner'),
      child('front', { requires: ['owner'], replicas: [{ name: 'owner', module }] }),
    ]);
    await supervisor.startAll();
    placement.calls.length = 0;
    supervisor.exited({ id: 'owner', reason: 'crash', detail: 'test' });
    await clock.pass(10);
    assert.deepEqual(placement.calls, ['start owner', 'synchronise owner with front', 'open owner']);
  });
});

describe('supervisor: order of start and stop', () => {
  const family = () => [
    child('cpu', { requires: ['psu', 'storage'] }),
    child('psu', { requires: ['storage'] }),
    child('storage'),
    child('audit', { requires: ['storage'] }),
  ];

  it('starts each child after all it requires, independent ones at the same time', async () => {
    const { supervisor, placement } = make(family());
    placement.delays.set('psu', 20);
    placement.delays.set('audit', 5);
    await supervisor.startAll();
    const at = (call: string) => placement.calls.indexOf(call);
    assert.ok(at('open storage') < at('start psu'));
    assert.ok(at('open storage') < at('start audit'));
    assert.ok(at('start audit') < at('open psu'), 'audit does not wait for psu');
    assert.ok(at('open psu') < at('start cpu'));
  });

  it('stops in reverse: whatever needs a part is gone before it', async () => {
    const { supervisor, placement } = make(family());
    await supervisor.startAll();
    placement.calls.length = 0;
    await supervisor.stopAll();
    const at = (call: string) => placement.calls.indexOf(call);
    assert.ok(at('stop cpu') < at('stop psu'));
    assert.ok(at('stop psu') < at('stop storage'));
    assert.ok(at('stop audit') < at('stop storage'));
    assert.equal(placement.calls.length, 4);
  });

  it('names the children it had to kill', async () => {
    const { supervisor, placement, events } = make(family());
    await supervisor.startAll();
    placement.stuck.add('psu');
    assert.deepEqual(await supervisor.stopAll(), ['psu']);
    const stopped = events.find((event) => event.kind === 'stopped' && event.id === 'psu');
    assert.deepEqual(stopped, { kind: 'stopped', id: 'psu', outcome: 'killed' });
  });

  it('a required child that fails ends the start, and what runs is stopped in reverse', async () => {
    const { supervisor, placement } = make(family());
    placement.failures.set('psu', 1);
    await assert.rejects(supervisor.startAll(), (error: MagFlockError) => {
      assert.equal(error.code, 'MF615');
      assert.match(error.message, /^psu did not start: psu cannot$/);
      assert.equal(error.fix, 'mend psu');
      return true;
    });
    assert.ok(!placement.calls.includes('start cpu'));
    assert.equal(placement.calls.at(-1), 'stop storage');
    assert.ok(supervisor.children().every(({ state }) => state === 'stopped'));
  });

  it('an optional child that fails is left out and named; what requires it is left out too', async () => {
    const { supervisor, placement, routes } = make([
      child('storage'),
      child('extra', { required: false, requires: ['storage'] }),
      child('onTop'.toLowerCase(), { required: false, requires: ['extra'] }),
      child('cpu', { requires: ['storage'] }),
    ]);
    placement.failures.set('extra', 1);
    const started: string[] = [];
    await supervisor.startAll(({ spec, state }) => started.push(`${spec.id} ${state}`));
    assert.deepEqual(started.sort(), ['cpu ready', 'extra failed', 'ontop failed', 'storage ready']);
    assert.equal(routes.get('extra')?.reason, 'extra cannot');
    assert.match(supervisor.child('ontop').lastError ?? '', /requires extra, which is failed/);
  });

  it('refuses to take out a child that another one requires', async () => {
    const { supervisor } = make(family());
    await supervisor.startAll();
    await assert.rejects(supervisor.remove('psu'), /psu is required by cpu/);
    await supervisor.remove('cpu');
    assert.ok(!supervisor.children().some(({ spec }) => spec.id === 'cpu'));
  });

  it('names the path of a cycle (MF609)', () => {
    const specs = [
      child('a', { requires: ['b'] }),
      child('b', { requires: ['c'] }),
      child('c', { requires: ['a'] }),
    ];
    assert.throws(
      () => startOrder(specs),
      (error: MagFlockError) => {
        assert.equal(error.code, 'MF609');
        assert.match(error.message, /a → b → c → a/);
        return true;
      },
    );
  });

  it('names a requirement that nobody registered (MF608)', () => {
    assert.throws(() => startOrder([child('a', { requires: ['ghost'] })]), /a\.requires names ghost/);
  });
});

describe('supervisor: faulty specifications name their field', () => {
  const rows: readonly [string, object, RegExp][] = [
    ['no id', { id: undefined }, /child\.id must be lower-case words/],
    ['an id with capitals', { id: 'Storage' }, /Storage\.id must be lower-case words/],
    ['a module that is text', { module: './a.ts' }, /a\.module must be a URL/],
    ['no placement', { placement: undefined }, /a\.placement must have kind inline, thread/],
    ['an unknown placement', { placement: { kind: 'cloud' } }, /a\.placement must have kind/],
    ['the main thread by name', { placement: { kind: 'thread', thread: 'main' } }, /use kind inline/],
    [
      'a heap too small',
      { placement: { kind: 'thread', heapMegabytes: 1 } },
      /heapMegabytes must be 16 or more/,
    ],
    [
      'a wrong restart type',
      { restart: 'always' },
      /a\.restart must be one of permanent, transient, temporary/,
    ],
    ['a negative budget', { shutdownMs: -1 }, /a\.shutdownMs must be milliseconds/],
    ['a start budget of NaN', { startMs: Number.NaN }, /a\.startMs must be milliseconds/],
    ['requires that is text', { requires: 'b' }, /a\.requires must be a list of ids/],
    ['a part that requires itself', { requires: ['a'] }, /a\.requires must not name the part itself/],
    ['required that is text', { required: 'yes' }, /a\.required must be true or false/],
    ['a wrong slot', { slot: 'pci' }, /a\.slot must be one of/],
    ['a replica without module', { replicas: [{ name: 'b' }] }, /a\.replicas\[0\]\.module must be a URL/],
    [
      'a replica twice',
      {
        replicas: [
          { name: 'b', module },
          { name: 'b', module },
        ],
      },
      /\[1\]\.name b is there twice/,
    ],
    [
      'replicas inline',
      { placement: { kind: 'inline' }, replicas: [{ name: 'b', module }] },
      /replicas need/,
    ],
    ['an unknown field', { restrat: 'permanent' }, /a\.restrat is not a field/],
  ];
  for (const [what, fault, message] of rows) {
    it(`${what}: MF608`, () => {
      assert.throws(
        () => validateChildSpec({ ...child('a'), ...fault } as ChildSpec),
        (error: MagFlockError) => {
          assert.equal(error.code, 'MF608');
          assert.match(error.message, message);
          return true;
        },
      );
    });
  }

  it('a second child of the same id: MF608', () => {
    const { supervisor } = make([child('a')]);
    assert.throws(() => supervisor.add(child('a')), /a\.id is registered already/);
  });
});

describe('backoff and intensity', () => {
  it('doubles up to the longest delay, half of it random', () => {
    const low = new Backoff({ baseMs: 10, maxMs: 100, random: () => 0 });
    const high = new Backoff({ baseMs: 10, maxMs: 100, random: () => 1 });
    const next = (backoff: Backoff) => Array.from({ length: 6 }, () => backoff.next(0));
    assert.deepEqual(next(low), [5, 10, 20, 40, 50, 50]);
    assert.deepEqual(next(high), [10, 20, 40, 80, 100, 100]);
  });

  it('counts only what lies within the period', () => {
    const intensity = new Intensity({ restarts: 2, periodMs: 100 });
    const lives = { downMs: 0, failedAt: undefined, unrecovered: 1 };
    assert.deepEqual(
      [0, 10, 20, 111, 115].map((now) => intensity.exceeded(lives, now) === undefined),
      [true, true, false, true, false],
    );
  });
});
