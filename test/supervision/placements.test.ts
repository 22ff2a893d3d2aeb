import assert from 'node:assert/strict';
import type { ChildEnd } from '../../runtime/supervision/child-life.ts';
import type { ChildSpec, GroupSpec } from '../../runtime/supervision/child-spec.ts';
import type { RestartType } from '../../runtime/supervision/restart-type.ts';
import type { Strategy } from '../../runtime/supervision/strategy.ts';
import { fixture, type Machine, makeMachine } from '../runtime/support/machine.ts';
import { until } from '../runtime/support/until.ts';
import type { LeaverProtocol } from './fixtures/leaver.actor.ts';

const quick = { baseMs: 1, maxMs: 4 };

// Key rows of the matrix once more, with real actors: what the pure core is told there must be what happens.
for (const kind of ['inline', 'thread'] as const) {
  describe(`supervision of real parts, ${kind}`, () => {
    let machine: Machine;
    afterEach(() => machine.close());

    const leaver = (id: string, more: Partial<ChildSpec> = {}): ChildSpec => ({
      id,
      module: fixture('../../supervision/fixtures/leaver.actor'),
      placement: { kind },
      ...more,
    });

    async function boot(specs: readonly (ChildSpec | GroupSpec)[]): Promise<Machine> {
      const own = makeMachine([], { backoff: quick });
      for (const spec of specs) await own.motherboard.register(spec);
      await own.motherboard.boot();
      return own;
    }

    const lives = (ids: readonly string[]) =>
      Promise.all(ids.map((id) => machine.ref<LeaverProtocol>(id).ask('life', null)));

    /** States by id. */
    async function states(): Promise<Record<string, string>> {
      const parts = await machine.motherboard.status();
      return Object.fromEntries(parts.map(({ name, state }) => [name, state]));
    }

    const rows: readonly [
      otp: string,
      strategy: Strategy,
      restart: RestartType,
      reason: ChildEnd['reason'],
      /** Incarnations of a, b, c after `b` has ended like that; 0 when it is gone. */
      incarnations: readonly number[],
    ][] = [
      ['permanent_normal', 'one_for_one', 'permanent', 'normal', [1, 2, 1]],
      ['permanent_abnormal', 'one_for_one', 'permanent', 'crash', [1, 2, 1]],
      ['transient_normal', 'one_for_one', 'transient', 'normal', [1, 0, 1]],
      ['transient_shutdown', 'one_for_one', 'transient', 'shutdown', [1, 0, 1]],
      ['transient_abnormal', 'one_for_one', 'transient', 'crash', [1, 2, 1]],
      ['temporary_abnormal', 'one_for_one', 'temporary', 'crash', [1, 0, 1]],
      ['one_for_all', 'one_for_all', 'permanent', 'crash', [2, 2, 2]],
      ['rest_for_one', 'rest_for_one', 'permanent', 'crash', [1, 2, 2]],
    ];
    // A thread takes its time; what does not depend on it is left to the core.
    const shown = kind === 'inline' ? rows : rows.filter(([, , restart]) => restart !== 'temporary').slice(1);
    for (const [otp, strategy, restart, reason, incarnations] of shown) {
      it(`${strategy}, ${restart}, ${reason}: incarnations ${incarnations.join(' ')} (${otp})`, async () => {
        const children = [leaver('a'), leaver('b', { restart }), leaver('c')];
        machine = await boot([{ id: 'g', supervisor: { strategy, backoff: quick, children } }]);
        await machine.ref<LeaverProtocol>('b').ask('leave', reason);
        const gone = incarnations[1] === 0;
        await until('b has ended', async () => {
          const { b } = await states();
          return gone ? b === 'stopped' || b === 'failed' : b === 'restarting' || b === 'ready';
        });
        const living = gone ? ['a', 'c'] : ['a', 'b', 'c'];
        await until('all are back', async () => {
          const now = await lives(living);
          return now.join() === incarnations.filter((incarnation) => incarnation > 0).join();
        });
        if (gone) {
          await assert.rejects(machine.ref<LeaverProtocol>('b').ask('life', null), { code: 'MF607' });
        }
      });
    }

    it('what is asked of a group between two lives waits and is answered by the next', async () => {
      const supervisor = {
        strategy: 'one_for_all',
        backoff: quick,
        children: [leaver('a'), leaver('b')],
      } as const;
      machine = await boot([{ id: 'g', supervisor }]);
      const [a, b] = [machine.ref<LeaverProtocol>('a'), machine.ref<LeaverProtocol>('b')];
      await a.ask('leave', 'crash');
      await until(
        'b waits for its restart',
        async () => (await states())['b'] !== 'ready' || (await b.ask('life', null)) === 2,
      );
      assert.deepEqual(await lives(['a', 'b']), [2, 2]);
    });

    it('a group that fails too often is quarantined with all its parts, the rest lives (tree)', async () => {
      const inner = { strategy: 'one_for_one', intensity: { restarts: 0 }, backoff: quick } as const;
      const children = [leaver('a'), leaver('b')];
      machine = await boot([leaver('x'), { id: 'g', supervisor: { ...inner, children } }]);
      const a = machine.ref<LeaverProtocol>('a');
      for (let escalation = 1; escalation <= 6; escalation++) {
        assert.equal(await a.ask('life', null), escalation);
        await a.ask('leave', 'crash');
      }
      await until('both are quarantined', async () => {
        const { a: one, b: other } = await states();
        return one === 'quarantined' && other === 'quarantined';
      });
      await assert.rejects(a.ask('life', null), {
        code: 'MF607',
        message: /quarantined, more than 5 restarts/,
      });
      await assert.rejects(machine.ref<LeaverProtocol>('b').ask('life', null), { code: 'MF607' });
      assert.deepEqual(await lives(['x']), [1]);
      const paths = (await machine.motherboard.status()).map(({ path }) => path);
      assert.deepEqual(paths, ['/x', '/g/a', '/g/b']);
      await machine.motherboard.restart('b');
      // How many lives `b` had depends on how far the group came each time.
      assert.equal((await lives(['a', 'b']))[0], 7);
    });
  });
}
