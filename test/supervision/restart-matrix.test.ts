import assert from 'node:assert/strict';
import type { ChildEnd } from '../../runtime/supervision/child-life.ts';
import type { ChildPolicy } from '../../runtime/supervision/child-record.ts';
import type { RestartType } from '../../runtime/supervision/restart-type.ts';
import type { Strategy } from '../../runtime/supervision/strategy.ts';
import { Family, firstDelayMs } from './support/family.ts';

type Row = readonly [
  /** The case of OTP's supervisor_SUITE. */
  otp: string,
  strategy: Strategy,
  restart: RestartType,
  reason: ChildEnd['reason'],
  /** What happens, in order, when `b` of a, b, c, d ends like that. */
  calls: string,
  alive: string,
];

const all = 'stop d, stop c, stop a, start a, start b, start c, start d';
const rest = 'stop d, stop c, start b, start c, start d';

const rows: readonly Row[] = [
  ['permanent_normal', 'one_for_one', 'permanent', 'normal', 'start b', 'a b c d'],
  ['permanent_shutdown', 'one_for_one', 'permanent', 'shutdown', 'start b', 'a b c d'],
  ['permanent_abnormal', 'one_for_one', 'permanent', 'crash', 'start b', 'a b c d'],
  ['transient_normal', 'one_for_one', 'transient', 'normal', '', 'a c d'],
  ['transient_shutdown', 'one_for_one', 'transient', 'shutdown', '', 'a c d'],
  ['transient_abnormal', 'one_for_one', 'transient', 'crash', 'start b', 'a b c d'],
  ['temporary_normal', 'one_for_one', 'temporary', 'normal', '', 'a c d'],
  ['temporary_shutdown', 'one_for_one', 'temporary', 'shutdown', '', 'a c d'],
  ['temporary_abnormal', 'one_for_one', 'temporary', 'crash', '', 'a c d'],
  ['one_for_all', 'one_for_all', 'permanent', 'normal', all, 'a b c d'],
  ['one_for_all', 'one_for_all', 'permanent', 'shutdown', all, 'a b c d'],
  ['one_for_all', 'one_for_all', 'permanent', 'crash', all, 'a b c d'],
  ['one_for_all', 'one_for_all', 'transient', 'normal', '', 'a c d'],
  ['one_for_all', 'one_for_all', 'transient', 'shutdown', '', 'a c d'],
  ['one_for_all', 'one_for_all', 'transient', 'crash', all, 'a b c d'],
  ['one_for_all', 'one_for_all', 'temporary', 'normal', '', 'a c d'],
  ['one_for_all', 'one_for_all', 'temporary', 'shutdown', '', 'a c d'],
  ['one_for_all', 'one_for_all', 'temporary', 'crash', '', 'a c d'],
  ['rest_for_one', 'rest_for_one', 'permanent', 'normal', rest, 'a b c d'],
  ['rest_for_one', 'rest_for_one', 'permanent', 'shutdown', rest, 'a b c d'],
  ['rest_for_one', 'rest_for_one', 'permanent', 'crash', rest, 'a b c d'],
  ['rest_for_one', 'rest_for_one', 'transient', 'normal', '', 'a c d'],
  ['rest_for_one', 'rest_for_one', 'transient', 'shutdown', '', 'a c d'],
  ['rest_for_one', 'rest_for_one', 'transient', 'crash', rest, 'a b c d'],
  ['rest_for_one', 'rest_for_one', 'temporary', 'normal', '', 'a c d'],
  ['rest_for_one', 'rest_for_one', 'temporary', 'shutdown', '', 'a c d'],
  ['rest_for_one', 'rest_for_one', 'temporary', 'crash', '', 'a c d'],
];

/** Children a to d, one of which is special. */
function siblings(special: ChildPolicy): readonly ChildPolicy[] {
  return ['a', 'b', 'c', 'd'].map((id) => (id === special.id ? special : { id }));
}

describe('restart type × exit reason × strategy', () => {
  for (const [otp, strategy, restart, reason, calls, alive] of rows) {
    it(`${strategy}, ${restart}, ${reason}: ${calls === '' ? 'nothing' : calls} (${otp})`, async () => {
      const family = new Family(siblings({ id: 'b', restart }), { strategy });
      await family.core.startAll();
      assert.equal(family.taken(), 'start a, start b, start c, start d');
      family.exit('b', reason);
      await family.clock.pass(firstDelayMs - 1);
      assert.ok(!family.calls.some((call) => call.startsWith('start')), 'nothing starts before its delay');
      await family.clock.pass(1);
      assert.equal(family.taken(), calls);
      assert.equal(family.alive, alive);
      assert.deepEqual(family.ends, []);
      assert.equal(family.clock.pending, 0);
    });
  }
});

describe('what restarts with its siblings', () => {
  // OTP starts every child that is not temporary again, also one that had ended normally before.
  const bystanders = [
    ['temporary_bystander', 'one_for_all', 'temporary', false, 'stop c, stop b, start a, start c', 'a c'],
    ['temporary_bystander', 'rest_for_one', 'temporary', false, 'stop c, stop b, start a, start c', 'a c'],
    ['one_for_all', 'one_for_all', 'transient', true, 'stop c, start a, start b, start c', 'a b c'],
    ['rest_for_one', 'rest_for_one', 'transient', true, 'stop c, start a, start b, start c', 'a b c'],
    ['one_for_all', 'one_for_all', 'temporary', true, 'stop c, start a, start c', 'a c'],
    ['one_for_one', 'one_for_one', 'transient', true, 'start a', 'a c'],
  ] as const;
  for (const [otp, strategy, restart, ended, calls, alive] of bystanders) {
    it(`${strategy}: a ${restart} sibling that ${ended ? 'had ended' : 'lives'} (${otp})`, async () => {
      const family = new Family([{ id: 'a' }, { id: 'b', restart }, { id: 'c' }], { strategy });
      await family.core.startAll();
      if (ended) family.exit('b', 'normal');
      family.taken();
      family.exit('a');
      await family.clock.pass(firstDelayMs);
      assert.equal(family.taken(), calls);
      assert.equal(family.alive, alive);
    });
  }

  const otherFails = [
    [
      'one_for_all_other_child_fails_restart',
      'one_for_all',
      'stop c, stop b, start a, start b, stop a, start a, start b, start c',
    ],
    [
      'rest_for_one_other_child_fails_restart',
      'rest_for_one',
      'stop c, stop b, start a, start b, start b, start c',
    ],
  ] as const;
  for (const [otp, strategy, calls] of otherFails) {
    it(`${strategy}: a sibling that does not come back is the next failure (${otp})`, async () => {
      const family = new Family([{ id: 'a' }, { id: 'b' }, { id: 'c' }], { strategy });
      await family.core.startAll();
      family.taken();
      family.faults.failing.set('b', 1);
      family.exit('a');
      await family.clock.pass(100);
      assert.equal(family.taken(), calls);
      assert.equal(family.alive, 'a b c');
    });
  }

  it('rest_for_one: an earlier child that fails while later ones wait for their restart takes over', async () => {
    const family = new Family([{ id: 'a' }, { id: 'b' }, { id: 'c' }], { strategy: 'rest_for_one' });
    await family.core.startAll();
    family.taken();
    family.exit('c');
    await family.clock.pass(5);
    family.exit('a');
    await family.clock.pass(100);
    assert.equal(family.taken(), 'stop b, start a, start b, start c');
    assert.equal(family.alive, 'a b c');
  });

  it('one_for_all: a child that crashes while the others are still being restarted begins anew at once', async () => {
    const family = new Family([{ id: 'a' }, { id: 'b', startMs: 30_000 }], { strategy: 'one_for_all' });
    await family.core.startAll();
    family.taken();
    family.faults.hangingStarts.add('b');
    family.exit('a');
    await family.clock.pass(firstDelayMs);
    assert.equal(family.taken(), 'stop b, start a, start b');
    family.faults.hangingStarts.delete('b');
    family.exit('a');
    await family.clock.pass(200);
    assert.equal(family.taken(), 'stop b, start a, start b');
    assert.equal(family.alive, 'a b');
  });

  it('a child that ends before its start is over is restarted like any other', async () => {
    const family = new Family([]);
    let starts = 0;
    const record = family.record(
      { id: 'a' },
      {
        async start() {
          starts += 1;
          if (starts === 1) family.exit('a');
        },
        stop: async () => 'stopped',
        kill: async () => {},
      },
    );
    family.core.add(record);
    await family.core.startAll();
    assert.equal(family.alive, '');
    await family.clock.pass(firstDelayMs);
    assert.equal(starts, 2);
    assert.equal(family.alive, 'a');
  });
});
