import assert from 'node:assert/strict';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { LoneActor } from './support/lone-actor.ts';
import { bootMachine, echo, fixture, type Machine } from './support/machine.ts';

const aMoment = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const inShared = { placement: { kind: 'thread', thread: 'shared' } } as const;

interface Narrow {
  work(request: { readonly from: string; readonly number: number }): void;
  done(request: null): readonly unknown[];
}

describe('places that are used again', () => {
  let machine: Machine | undefined;
  afterEach(async () => {
    await machine?.close();
    machine = undefined;
  });

  it('a tell that ends late does not answer the ask that has its slot by now', async () => {
    machine = await bootMachine([echo('a', inShared), echo('b', inShared)]);
    const a = machine.ref('a');
    const b = machine.ref('b');
    a.tell('wait', { ms: 500, value: 'of the tell' } as never);
    // Enough for the sender to look which of its slots are free.
    for (let n = 0; n < 3_000; n++) b.tell('echo', n);
    await aMoment(150);
    const asks = Array.from({ length: 4_000 }, (_, n) =>
      n === 0 ? b.ask('wait', { ms: 600, value: 'v0' } as never) : b.ask('echo', `v${n}` as never),
    );
    const answers = await Promise.all(asks);
    assert.deepEqual(
      answers.filter((answer, n) => answer !== `v${n}`),
      [],
    );
  });

  const narrow = (more: object = {}) => ({
    id: 'narrow',
    module: fixture('narrow.actor'),
    placement: { kind: 'thread' } as const,
    ...more,
  });

  it('credits of messages that cannot be cloned are for the next ones', async () => {
    machine = await bootMachine([narrow()]);
    const ref = machine.ref<Narrow>('narrow');
    for (let n = 0; n < 20; n++) {
      await assert.rejects(ref.ask('work', (() => {}) as never), { code: 'MF614' });
    }
    assert.deepEqual(await ref.ask('done', null, { timeoutMs: 2_000 }), []);
  });

  it('credits of asks that a quota refused are for the next ones', async () => {
    machine = await bootMachine([narrow({ quotas: { mailboxBytes: 1 } })]);
    const ref = machine.ref<Narrow>('narrow');
    for (let round = 0; round < 6; round++) {
      const asks = [0, 1, 2, 3, 4, 5].map((number) =>
        ref.ask('work', { from: 'test', number }, { timeoutMs: 2_000 }).then(
          () => 'done',
          ({ code }: MagFlockError) => code,
        ),
      );
      for (const outcome of await Promise.all(asks)) assert.notEqual(outcome, 'MF602');
    }
  });

  it('a thread that ends in order first says what it still holds for a slow one', async () => {
    machine = await bootMachine([narrow(), echo('earlier')]);
    const earlier = machine.ref('earlier');
    const payload = (number: number) => ({ from: 'earlier', number });
    for (let n = 0; n < 3_000; n++) {
      earlier.tell('tellOther', { part: 'narrow', method: 'work', payload: payload(n) } as never);
    }
    await earlier.ask('echo', 1 as never);
    await machine.motherboard.unregister('earlier');
    const done = await machine.ref<Narrow>('narrow').ask('done', null);
    assert.equal(done.length, 3_000);
  });

  it('an end that was given up leaves the next incarnation alone', async () => {
    const releases: (() => void)[] = [];
    const stopped: number[] = [];
    let lives = 0;
    const definition = defineActor<{ life: number }, { go(request: null): void }>({
      name: 'x',
      version: '1',
      init: () => ({ life: ++lives }),
      methods: { go: () => {} },
      async stop({ life }) {
        stopped.push(life);
        await new Promise<void>((resolve) => releases.push(resolve));
      },
    });
    const { cell } = await LoneActor.start('x', definition as never);
    const stopping = cell.stop();
    await aMoment(10);
    cell.abandon();
    cell.reopen();
    const context = { incarnation: 2, signal: new AbortController().signal } as ActorContext;
    await cell.start(definition as never, context, undefined);
    cell.open();
    for (const release of releases) release();
    await stopping.catch(() => {});
    assert.equal(cell.phase, 'ready');
    assert.deepEqual(stopped, [1]);
    assert.equal((cell.state as { life: number }).life, 2);
  });
});
