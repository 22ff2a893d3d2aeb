import assert from 'node:assert/strict';
import { threadId } from 'node:worker_threads';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { EchoProtocol } from './fixtures/echo.actor.ts';
import { bootMachine, echo, type Machine } from './support/machine.ts';
import { until } from './support/until.ts';

const code = (expected: string) => (error: unknown) => {
  assert.equal((error as MagFlockError).code, expected, String(error));
  return true;
};

// The same actor, the same tests: an actor must not be able to tell where it runs.
for (const kind of ['inline', 'thread'] as const) {
  describe(`an actor in placement ${kind}`, () => {
    let machine: Machine;
    let ref: ActorRef<EchoProtocol>;

    before(async () => {
      machine = await bootMachine([
        echo('one', { placement: { kind } }),
        echo('other', { placement: { kind } }),
      ]);
      ref = machine.ref('one');
    });
    after(() => machine.close());

    it('runs where its specification says', async () => {
      const there = await ref.ask('thread', null);
      assert.equal(there === threadId, kind === 'inline');
    });

    it('answers with values of every kind that can be cloned', async () => {
      for (const value of [null, undefined, 0, 'text', [1, [2]], { a: { b: 1n } }, new Map([[1, 2]])]) {
        assert.deepEqual(await ref.ask('echo', value), value);
      }
    });

    it('answers its own error with code, fix and details', async () => {
      await assert.rejects(ref.ask('refuse', null), (error: MagFlockError) => {
        assert.equal(error.code, 'MF403');
        assert.equal(error.message, 'not you');
        assert.equal(error.fix, 'be another');
        assert.deepEqual(error.details, { who: 'you' });
        return true;
      });
    });

    it('answers any other thrown value as MF699 and lives on', async () => {
      const before = await ref.ask('incarnation', null);
      await assert.rejects(ref.ask('throwPlain', null), code('MF699'));
      assert.equal(await ref.ask('incarnation', null), before);
    });

    it('answers MF605 for a method it does not have, inherited ones included', async () => {
      await assert.rejects(ref.ask('nothing' as 'echo', null), code('MF605'));
      await assert.rejects(ref.ask('toString' as 'echo', null), code('MF605'));
      await assert.rejects(ref.ask('constructor' as 'echo', null), code('MF605'));
    });

    it('runs one message at a time, in the order of their sender', async () => {
      const answers = [];
      const slow = [20, 5, 0, 10];
      for (const ms of slow) answers.push(ref.ask('wait', { ms, value: `wait ${ms}` }));
      answers.push(ref.ask('echo', 'last'));
      await Promise.all(answers);
      const seen = await ref.ask('seen', null);
      assert.deepEqual(seen.slice(-5), ['wait 20', 'wait 5', 'wait 0', 'wait 10', 'last']);
    });

    it('lets a high priority overtake what waits, not what runs', async () => {
      const done: string[] = [];
      const note = (name: string) => () => done.push(name);
      const running = ref.ask('wait', { ms: 40 }).then(note('running'));
      await new Promise((resolve) => setTimeout(resolve, 10));
      await Promise.all([
        running,
        ref.ask('echo', 1).then(note('normal')),
        ref.ask('echo', 2, { priority: 'high' }).then(note('high')),
      ]);
      assert.deepEqual(done, ['running', 'high', 'normal']);
    });

    it('ends an ask at its deadline, and does not run what expired while it waited', async () => {
      const busy = ref.ask('wait', { ms: 120 });
      await assert.rejects(ref.ask('echo', 'expired', { timeoutMs: 30 }), code('MF602'));
      await busy;
      const seen = await ref.ask('seen', null);
      assert.ok(!seen.includes('expired'));
    });

    it('drops the late reply of an ask that is over', async () => {
      await assert.rejects(ref.ask('wait', { ms: 60, value: 'late' }, { timeoutMs: 20 }), code('MF602'));
      await until('the late one ran', async () => (await ref.ask('seen', null)).includes('late'));
      assert.equal(await ref.ask('echo', 'next'), 'next');
    });

    it('cancels what waits: it does not run', async () => {
      const controller = new AbortController();
      const busy = ref.ask('wait', { ms: 60 });
      const ask = ref.ask('echo', 'cancelled in the mailbox', { signal: controller.signal });
      controller.abort();
      await assert.rejects(ask, code('MF606'));
      await busy;
      assert.ok(!(await ref.ask('seen', null)).includes('cancelled in the mailbox'));
    });

    it('tells a running method that its caller does not wait any more', async () => {
      const controller = new AbortController();
      const ask = ref.ask('cancelled', { ms: 5_000 }, { signal: controller.signal });
      setTimeout(() => controller.abort(), 20);
      await assert.rejects(ask, code('MF606'));
      // Only a cancelled one ends within the time of this test.
      assert.equal(await ref.ask('echo', 'free again', { timeoutMs: 1_000 }), 'free again');
    });

    it('tells a running method that its deadline has passed', async () => {
      // Its answer to being told may still come before the asker has noticed the time.
      const outcome = await ref
        .ask('cancelled', { ms: 5_000 }, { timeoutMs: 30 })
        .catch((error) => error.code);
      assert.ok(outcome === 'MF602' || outcome === 'cancelled', String(outcome));
      assert.equal(await ref.ask('echo', 'free again', { timeoutMs: 1_000 }), 'free again');
    });

    it('refuses an ask whose signal is aborted already', async () => {
      await assert.rejects(ref.ask('echo', 'never', { signal: AbortSignal.abort() }), code('MF606'));
      assert.ok(!(await ref.ask('seen', null)).includes('never'));
    });

    it('hands the deadline of a call to what it asks in turn, and never a later one', async () => {
      const end = Date.now() + 400;
      const nested = { part: 'other', method: 'deadline', payload: null, timeoutMs: 60_000 };
      const deadline = (await ref.ask('askOther', nested, { timeoutMs: 400 })) as number;
      assert.ok(deadline <= end + 20, `${deadline} is after ${end}`);
    });

    it('keeps an earlier deadline that the nested ask names itself', async () => {
      const nested = { part: 'other', method: 'deadline', payload: null, timeoutMs: 100 };
      const start = Date.now();
      const deadline = (await ref.ask('askOther', nested)) as number;
      assert.ok(deadline - start <= 150);
    });

    it('does not hand the deadline of an answered call to later work', async () => {
      await ref.ask('askLater', { part: 'other', afterMs: 80 }, { timeoutMs: 40 });
      await until('asked later', async () => (await ref.ask('later', null)) !== undefined);
      assert.equal(await ref.ask('later', null), 'answered');
    });

    it('answers MF604 for a part nobody registered', async () => {
      const nested = { part: 'nobody', method: 'echo', payload: 1 };
      await assert.rejects(ref.ask('askOther', nested), code('MF604'));
    });

    it('takes tells in order and keeps failed ones as dead letters', async () => {
      ref.tell('echo', 'told 1');
      ref.tell('refuse', null);
      ref.tell('echo', 'told 2');
      const seen = await ref.ask('seen', null);
      assert.deepEqual(seen.slice(-2), ['told 1', 'told 2']);
      await until('a dead letter', () =>
        machine.motherboard.deadLetters
          .all()
          .some(({ method, reason }) => method === 'refuse' && reason === 'failed'),
      );
    });

    it('runs timers between messages, never twice at once, and cancels them', async () => {
      await ref.ask('startTimer', { everyMs: 5 });
      for (let index = 0; index < 5; index++) await ref.ask('wait', { ms: 20 });
      const { ticks, overlapping } = await ref.ask('stopTimer', null);
      assert.ok(ticks >= 2, `${ticks} ticks`);
      assert.equal(overlapping, 0);
      await new Promise((resolve) => setTimeout(resolve, 30));
      assert.equal((await ref.ask('stopTimer', null)).afterCancel, 0);
    });
  });
}
