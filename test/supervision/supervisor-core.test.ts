import assert from 'node:assert/strict';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { AutoShutdown } from '../../runtime/supervision/auto-shutdown.ts';
import type { ChildEnd } from '../../runtime/supervision/child-life.ts';
import type { ChildPolicy } from '../../runtime/supervision/child-record.ts';
import type { Strategy } from '../../runtime/supervision/strategy.ts';
import { Family, firstDelayMs } from './support/family.ts';

const three: readonly ChildPolicy[] = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
const strategies: readonly Strategy[] = ['one_for_one', 'one_for_all', 'rest_for_one'];

describe('start and stop of a supervisor', () => {
  it('starts in order and stops in reverse (sup_start_normal, order_of_children)', async () => {
    const family = new Family(three);
    await family.core.startAll();
    assert.deepEqual(await family.core.stopAll(), []);
    assert.equal(family.taken(), 'start a, start b, start c, stop c, stop b, stop a');
  });

  const failures: readonly [what: string, Partial<ChildPolicy>, calls: string, fails: boolean][] = [
    ['a child that fails (sup_start_fail)', {}, 'start a, start b, stop a', true],
    [
      'a child that does not start in time (sup_start_error_return)',
      { startMs: 100 },
      'start a, start b, kill b, stop a',
      true,
    ],
    [
      'an optional child that fails is left out (sup_start_ignore_child)',
      { required: false },
      'start a, start b, start c',
      false,
    ],
  ];
  for (const [what, policy, calls, fails] of failures) {
    for (const strategy of strategies) {
      it(`${strategy}: ${what}: ${calls}`, async () => {
        const family = new Family([{ id: 'a' }, { id: 'b', ...policy }, { id: 'c' }], { strategy });
        if (policy.startMs === undefined) family.faults.failing.set('b', 1);
        else family.faults.hangingStarts.add('b');
        const start = family.core.startAll().then(
          () => undefined,
          (error: MagFlockError) => error,
        );
        await family.clock.pass(100);
        const error = await start;
        assert.equal(error?.code, fails ? 'MF615' : undefined);
        if (fails)
          assert.match(error?.message ?? '', /^b did not start: b (cannot|did not start within 100 ms)$/);
        assert.equal(family.taken(), calls);
        assert.equal(family.alive, fails ? '' : 'a c');
        assert.equal(family.clock.pending, 0);
      });
    }
  }

  const stops: readonly [
    otp: string,
    stopMs: number | undefined,
    hangs: boolean,
    ms: number,
    calls: string,
  ][] = [
    ['sup_stop_infinity', undefined, false, 0, 'stop c, stop b, stop a'],
    ['sup_stop_timeout', 1_000, true, 1_000, 'stop c, stop b, kill b, stop a'],
    ['sup_stop_timeout', 1_000, false, 0, 'stop c, stop b, stop a'],
    ['sup_stop_brutal_kill', 0, true, 0, 'stop c, kill b, stop a'],
  ];
  for (const [otp, stopMs, hangs, ms, calls] of stops) {
    it(`a stop budget of ${stopMs} ms, ${hangs ? 'hanging' : 'well-behaved'}: ${calls} (${otp})`, async () => {
      const policy = stopMs === undefined ? { id: 'b' } : { id: 'b', stopMs };
      const family = new Family([{ id: 'a' }, policy, { id: 'c' }]);
      await family.core.startAll();
      family.taken();
      if (hangs) family.faults.hangingStops.add('b');
      const killed = family.core.stopAll();
      await family.clock.pass(ms);
      assert.deepEqual(await killed, hangs ? ['b'] : []);
      assert.equal(family.taken(), calls);
    });
  }

  for (const strategy of strategies) {
    it(`${strategy}: a start that hangs does not hold the stop (hanging start)`, async () => {
      const family = new Family(three, { strategy });
      family.faults.hangingStarts.add('b');
      const start = family.core.startAll();
      await family.clock.pass(0);
      await family.core.stopAll();
      await start;
      assert.equal(family.taken(), 'start a, start b, stop b, stop a');
      assert.equal(family.alive, '');
    });

    it(`${strategy}: a stop in the midst of restarts ends them (hanging_restart_loop)`, async () => {
      const family = new Family(three, { strategy });
      await family.core.startAll();
      family.faults.failing.set('a', 1_000);
      family.exit('a');
      await family.clock.pass(20);
      await family.core.stopAll();
      family.taken();
      assert.equal(family.clock.pending, 0);
      await family.clock.pass(60_000);
      assert.equal(family.taken(), '');
      assert.deepEqual(family.ends, []);
    });
  }

  for (const hops of [0, 1, 2, 3, 4, 5, 6, 8, 10, 15]) {
    for (const strategy of strategies) {
      it(`${strategy}: whatever a stop meets on its way up, nothing is left running (${hops} steps later)`, async () => {
        const family = new Family(three, { strategy });
        const start = family.core.startAll();
        for (let hop = 0; hop < hops; hop++) await null;
        await family.core.stopAll();
        await start;
        await family.core.startAll();
        family.exit('b');
        const passed = family.clock.pass(firstDelayMs);
        for (let hop = 0; hop < hops; hop++) await null;
        await Promise.all([family.core.stopAll(), passed]);
        for (const { id } of three) {
          const own = family.calls.filter((call) => call.endsWith(` ${id}`));
          // The one that crashed needs no stop for that life.
          const lives = own.filter((call) => call.startsWith('start')).length - (id === 'b' ? 1 : 0);
          const stops = own.filter((call) => call.startsWith('stop')).length;
          assert.equal(stops, lives, own.join(', '));
        }
      });
    }
  }

  it('two stops at once are one', async () => {
    const family = new Family(three);
    await family.core.startAll();
    family.taken();
    await Promise.all([family.core.stopAll(), family.core.stopAll()]);
    assert.equal(family.taken(), 'stop c, stop b, stop a');
  });

  it('starts again after it has stopped, with a clean record', async () => {
    const family = new Family(three, { intensity: { restarts: 1 } });
    await family.core.startAll();
    assert.equal(await family.crash('a', 5), 2);
    assert.equal(family.ends.length, 1);
    await family.core.startAll();
    assert.equal(family.alive, 'a b c');
    family.exit('a');
    await family.clock.pass(firstDelayMs);
    assert.equal(family.alive, 'a b c');
  });

  it('many children start and stop in time proportional to their number (scale_start_stop_many_children)', async () => {
    const ids = Array.from({ length: 2_000 }, (_, n) => ({ id: `child-${n}` }));
    const family = new Family(ids);
    await family.core.startAll();
    await family.core.stopAll();
    assert.equal(family.calls.length, 4_000);
    assert.equal(family.calls.at(-1), 'stop child-0');
  });

  it('a child that was taken out is not restarted, and not stopped again (child_adm)', async () => {
    const family = new Family(three);
    await family.core.startAll();
    family.exit('b');
    await family.core.remove('b');
    family.taken();
    await family.clock.pass(1_000);
    await family.core.stopAll();
    assert.equal(family.taken(), 'stop c, stop a');
  });
});

describe('too many restarts', () => {
  const escalations = [
    ['one_for_one_escalation', 'one_for_one', 'stop c, stop b'],
    ['one_for_all_escalation', 'one_for_all', 'stop c, stop b'],
    ['rest_for_one_escalation', 'rest_for_one', 'stop c, stop b'],
  ] as const;
  for (const [otp, strategy, calls] of escalations) {
    it(`${strategy}: all children are stopped and the parent hears of a crash (${otp})`, async () => {
      const family = new Family(three, { strategy, intensity: { restarts: 0 } });
      await family.core.startAll();
      family.taken();
      family.exit('a');
      await family.clock.pass(10_000);
      assert.equal(family.taken(), calls);
      assert.deepEqual(family.ends, [
        { reason: 'crash', detail: 'a: more than 0 restarts in 10 s, last: a crash' },
      ]);
      assert.equal(family.alive, '');
      assert.equal(family.clock.pending, 0);
    });
  }

  it('the failures of all children count together (one_for_one_escalation)', async () => {
    const family = new Family(three, { intensity: { restarts: 2 } });
    await family.core.startAll();
    for (const id of ['a', 'b', 'c']) {
      assert.deepEqual(family.ends, []);
      family.exit(id);
      await family.clock.pass(firstDelayMs);
    }
    assert.equal(family.ends.length, 1);
  });

  it('restarts within the intensity go on for ever (multiple_restarts)', async () => {
    const family = new Family(three, { intensity: { restarts: 1, periodMs: 1_000, unrecovered: 100 } });
    await family.core.startAll();
    for (let crash = 0; crash < 10; crash++) {
      assert.equal(await family.crash('a', 1), 1);
      await family.clock.pass(1_000);
    }
    assert.deepEqual(family.ends, []);
    assert.equal(family.alive, 'a b c');
  });

  for (const strategy of strategies) {
    it(`${strategy}, quarantine: what is restarted together stays down together, the rest lives`, async () => {
      const family = new Family(three, { strategy, onIntensity: 'quarantine', intensity: { restarts: 1 } });
      await family.core.startAll();
      await family.crash('b', 2);
      await family.clock.pass(60_000);
      assert.deepEqual(family.ends, []);
      const down = family.core.children().filter(({ state }) => state === 'quarantined');
      const ids = { one_for_one: 'b', one_for_all: 'a b c', rest_for_one: 'b c' }[strategy];
      assert.equal(down.map(({ policy }) => policy.id).join(' '), ids);
      family.taken();
      assert.equal(await family.core.restart('b'), 3);
      assert.equal(family.alive, 'a b c');
    });
  }

  it('a child that says so is quarantined at once', async () => {
    const family = new Family(three);
    await family.core.startAll();
    family.core.exited('b', { reason: 'crash', detail: 'quota', quarantine: true });
    await family.clock.pass(60_000);
    assert.equal(family.child('b').state, 'quarantined');
    assert.equal(family.alive, 'a c');
  });
});

describe('restart loops that are slow', () => {
  // Times sliding out of the period let each of these go on for ever.
  const loops: readonly [what: string, (family: Family) => Promise<unknown>][] = [
    [
      'starts that hang up to their budget (hanging_restart_loop)',
      async (family) => {
        family.faults.hangingStarts.add('b');
        family.exit('b');
      },
    ],
    [
      'starts that fail, with growing backoff (hanging_restart_loop)',
      async (family) => {
        family.faults.failing.set('b', Number.POSITIVE_INFINITY);
        family.exit('b');
      },
    ],
    ['a crash right after each start, with growing backoff', (family) => family.crash('b', 100)],
    [
      'a crash three seconds after each start',
      async (family) => {
        while (family.child('b').state !== 'quarantined') {
          await family.crash('b', 1);
          await family.clock.pass(3_000);
        }
      },
    ],
  ];
  for (const [what, begin] of loops) {
    for (const strategy of strategies) {
      it(`${strategy}: ${what} end in quarantine`, async () => {
        const children = [{ id: 'a' }, { id: 'b', startMs: 30_000 }, { id: 'c' }];
        const family = new Family(children, { strategy, onIntensity: 'quarantine' });
        await family.core.startAll();
        await begin(family);
        await family.clock.pass(600_000);
        assert.equal(family.child('b').state, 'quarantined');
        assert.ok(family.child('b').incarnation <= 22, `${family.child('b').incarnation} incarnations`);
        assert.equal(family.clock.pending, 0);
      });
    }
  }

  it('rest_for_one: the children before a loop live on (hanging_restart_loop_rest_for_one)', async () => {
    const family = new Family(three, { strategy: 'rest_for_one' });
    await family.core.startAll();
    family.faults.failing.set('b', 3);
    family.exit('b');
    await family.clock.pass(15);
    assert.equal(family.alive, 'a');
    await family.clock.pass(1_000);
    assert.equal(family.alive, 'a b c');
    assert.ok(!family.calls.includes('stop a'));
  });

  it('a loop of one child holds up the restart of no other (one_for_one)', async () => {
    const family = new Family(three);
    await family.core.startAll();
    family.faults.hangingStarts.add('a');
    family.exit('a');
    await family.clock.pass(firstDelayMs);
    family.exit('b');
    await family.clock.pass(firstDelayMs);
    assert.equal(family.alive, 'b c');
  });

  it('one that stays up long enough is forgiven', async () => {
    const family = new Family(three, { onIntensity: 'quarantine' });
    await family.core.startAll();
    for (let crash = 0; crash < 50; crash++) {
      await family.crash('b', 1);
      await family.clock.pass(10_000);
    }
    assert.equal(family.alive, 'a b c');
  });
});

describe('automatic shutdown with a significant child', () => {
  type Row = readonly [
    otp: string,
    autoShutdown: AutoShutdown,
    /** Restart type of `a` and `b`; upper case: significant. */
    children: readonly ChildPolicy[],
    exits: readonly [string, ChildEnd['reason']][],
    ends: boolean,
  ];
  const temporary = { restart: 'temporary' } as const;
  const transient = { restart: 'transient' } as const;
  const significant = true;
  const rows: readonly Row[] = [
    ['nonsignificant_temporary', 'any_significant', [{ id: 'a', ...temporary }], [['a', 'crash']], false],
    ['nonsignificant_transient', 'any_significant', [{ id: 'a', ...transient }], [['a', 'normal']], false],
    [
      'significant_temporary',
      'any_significant',
      [{ id: 'a', ...temporary, significant }],
      [['a', 'normal']],
      true,
    ],
    [
      'significant_temporary',
      'any_significant',
      [{ id: 'a', ...temporary, significant }],
      [['a', 'crash']],
      true,
    ],
    [
      'significant_transient',
      'any_significant',
      [{ id: 'a', ...transient, significant }],
      [['a', 'normal']],
      true,
    ],
    [
      'significant_transient',
      'any_significant',
      [{ id: 'a', ...transient, significant }],
      [['a', 'shutdown']],
      true,
    ],
    [
      'significant_transient',
      'any_significant',
      [{ id: 'a', ...transient, significant }],
      [['a', 'crash']],
      false,
    ],
    ['significant_temporary', 'never', [{ id: 'a', ...temporary, significant }], [['a', 'normal']], false],
    [
      'significant_temporary',
      'all_significant',
      [
        { id: 'a', ...temporary, significant },
        { id: 'b', ...transient, significant },
      ],
      [['a', 'crash']],
      false,
    ],
    [
      'significant_temporary',
      'all_significant',
      [
        { id: 'a', ...temporary, significant },
        { id: 'b', ...transient, significant },
      ],
      [
        ['a', 'crash'],
        ['b', 'normal'],
      ],
      true,
    ],
    [
      'significant_transient',
      'all_significant',
      [
        { id: 'a', ...temporary, significant },
        { id: 'b', ...transient, significant },
      ],
      [
        ['b', 'crash'],
        ['a', 'normal'],
      ],
      false,
    ],
  ];
  for (const [otp, autoShutdown, children, exits, ends] of rows) {
    const what = children.map(
      ({ id, restart, significant: is }) => `${id} ${is ? 'significant ' : ''}${restart}`,
    );
    it(`${autoShutdown}, ${what.join(', ')}, ${exits.join(' then ')}: ${ends ? 'ends' : 'goes on'} (${otp})`, async () => {
      const family = new Family([...children, { id: 'other' }], { autoShutdown });
      await family.core.startAll();
      family.taken();
      for (const [id, reason] of exits) family.exit(id, reason);
      await family.clock.pass(1_000);
      const [last] = exits.at(-1) ?? [];
      const detail = `${last}, a significant child, has ended`;
      assert.deepEqual(family.ends, ends ? [{ reason: 'shutdown', detail }] : []);
      assert.equal(family.calls.includes('stop other'), ends);
    });
  }

  it('a significant sibling that is stopped for a restart ends nothing (significant_bystander)', async () => {
    const children: readonly ChildPolicy[] = [{ id: 'a' }, { id: 'b', ...temporary, significant }];
    const family = new Family(children, { strategy: 'one_for_all', autoShutdown: 'any_significant' });
    await family.core.startAll();
    family.exit('a');
    await family.clock.pass(firstDelayMs);
    assert.deepEqual(family.ends, []);
    assert.equal(family.alive, 'a');
  });
});
