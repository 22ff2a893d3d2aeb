import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { Piscina } from 'piscina';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { PoolSpec } from '../../runtime/supervision/child-spec.ts';
import type { PooledProtocol } from './fixtures/pooled.actor.ts';
import { bootMachine, echo, fixture, type Machine, makeMachine } from './support/machine.ts';
import { until } from './support/until.ts';

const pooled = (placement: Partial<PoolSpec> = {}, args?: unknown) => ({
  id: 'pooled',
  module: fixture('pooled.actor'),
  placement: { kind: 'pool' as const, workers: 2, ...placement },
  shutdownMs: 3_000,
  ...(args === undefined ? {} : { args }),
});
const code = (ask: Promise<unknown>): Promise<string> =>
  ask.then(
    () => 'answered',
    (error: MagFlockError) => error.code,
  );
/** Far longer than any test: what takes it was cancelled. */
const longMs = 60_000;

describe('pool placement', () => {
  let machine: Machine;
  let ref: ActorRef<PooledProtocol>;
  const seen = () => machine.ref('witness').ask('seen', null);

  async function boot(placement: Partial<PoolSpec> = {}): Promise<void> {
    machine = await bootMachine([echo('witness', { placement: { kind: 'inline' } }), pooled(placement)]);
    ref = machine.ref<PooledProtocol>('pooled');
  }
  afterEach(() => machine.close());

  it('runs init once in each worker and shares the messages among them', async () => {
    await boot();
    const places = await Promise.all(Array.from({ length: 20 }, () => ref.ask('where', { ms: 5 })));
    assert.deepEqual(new Set(places.map(({ inits }) => inits)), new Set([1]));
    assert.equal(new Set(places.map(({ thread }) => thread)).size, 2);
    assert.ok(places.every(({ thread }) => thread !== 0));
  });

  it('runs as many messages in a worker as its concurrency says, and no more', async () => {
    await boot({ workers: 1, concurrency: 3 });
    const asks = ['a', 'b', 'c', 'd'].map((name) =>
      ref.ask('patient', { ms: name === 'a' ? 300 : longMs, name }, { timeoutMs: 1_500 }).catch(() => {}),
    );
    await Promise.all(asks);
    await until('all that ran have ended', async () => (await seen()).length === 4);
    // d had to wait for the place of a.
    assert.equal((await seen())[0], 'a finished');
  });

  it('is in status, health and the tree as one part', async () => {
    await boot();
    const [, part] = await machine.motherboard.status();
    assert.equal(part?.placement, 'pool');
    assert.equal(part?.version, '2.0.0');
    assert.deepEqual(part?.capabilities, ['thinks']);
    assert.deepEqual(part?.health, { status: 'ok', summary: '2 of 2 workers run' });
  });

  it('gives errors, unknown methods and what cannot be cloned as every placement does', async () => {
    await boot({ workers: 1 });
    await assert.rejects(ref.ask('refuse', null), (error: MagFlockError) => {
      assert.equal(error.code, 'MF403');
      assert.equal(error.fix, 'be another');
      assert.deepEqual(error.details, { who: 'you' });
      return true;
    });
    assert.equal(await code(ref.ask('function', null)), 'MF614');
    assert.equal(await code(ref.ask('nothing' as 'die', null)), 'MF605');
    assert.equal(await code(ref.ask('where', { ms: () => {} } as never)), 'MF614');
    assert.equal((await ref.ask('where', {})).inits, 1);
  });

  it('counts each message once', async () => {
    await boot();
    for (let count = 0; count < 5; count++) await ref.ask('where', {});
    const { text } = await machine.motherboard.metrics();
    assert.match(text, /^magflock_actor_messages_total\{part="pooled",outcome="ok"\} 5$/m);
  });

  it('lets its workers ask other parts', async () => {
    await boot();
    assert.equal(await ref.ask('witnessed', { name: 'from the pool' }), 'from the pool');
    assert.deepEqual(await seen(), ['from the pool']);
  });

  describe('cancellation', () => {
    for (const method of ['patient', 'busy'] as const) {
      it(`tells a running ${method} method, which keeps its worker`, async () => {
        await boot({ workers: 1 });
        const before = await ref.ask('where', {});
        const controller = new AbortController();
        const begun = new SharedArrayBuffer(4);
        const ask = ref.ask(method, { ms: longMs, name: 'it', begun }, { signal: controller.signal });
        await until('it runs', () => new Int32Array(begun)[0] === 1);
        controller.abort();
        assert.equal(await code(ask), 'MF606');
        await until('it has noticed', async () => (await seen()).includes('it cancelled'));
        assert.deepEqual(await ref.ask('where', {}), before);
      });

      it(`of a ${method} method comes with its deadline, too`, async () => {
        await boot({ workers: 1 });
        const before = await ref.ask('where', {});
        // Whether its last words come in time is a matter of luck.
        await code(ref.ask(method, { ms: longMs, name: 'it' }, { timeoutMs: 100 }));
        await until('it has noticed', async () => (await seen()).includes('it cancelled'));
        assert.deepEqual(await ref.ask('where', {}), before);
      });
    }

    it('takes back a waiting message, which is never run', async () => {
      await boot({ workers: 1 });
      const first = ref.ask('patient', { ms: 200, name: 'first' });
      const controller = new AbortController();
      const second = ref.ask('patient', { ms: 1, name: 'second' }, { signal: controller.signal });
      controller.abort();
      assert.equal(await code(second), 'MF606');
      await first;
      await ref.ask('patient', { ms: 1, name: 'third' });
      await until('both were told', async () => (await seen()).length === 2);
      assert.deepEqual(await seen(), ['first finished', 'third finished']);
    });
  });

  it('refuses with MF603 what does not fit into its queue', async () => {
    await boot({ workers: 1, queue: 2 });
    const begun = new SharedArrayBuffer(4);
    const running = ref.ask('patient', { ms: 200, name: 'it', begun });
    await until('it runs', () => new Int32Array(begun)[0] === 1);
    const outcomes = await Promise.all(Array.from({ length: 4 }, () => code(ref.ask('where', {}))));
    assert.deepEqual(outcomes, ['answered', 'answered', 'MF603', 'MF603']);
    await running;
  });

  describe('a worker that crashes', () => {
    for (const how of ['die', 'quit'] as const) {
      it(`(${how}) is replaced; what it ran gets MF601, the others go on`, async () => {
        await boot();
        const before = await ref.ask('where', {});
        const other = code(ref.ask('where', { ms: 200 }));
        const crashing = code(ref.ask(how, null));
        const waiting = Promise.all(Array.from({ length: 10 }, () => code(ref.ask('where', { ms: 20 }))));
        if (how === 'die') assert.equal(await crashing, 'MF601');
        assert.equal(await other, 'answered');
        assert.deepEqual(new Set(await waiting), new Set(['answered']));
        const threads = async () => {
          const places = await Promise.all(Array.from({ length: 6 }, () => ref.ask('where', { ms: 20 })));
          return new Set(places.map(({ thread }) => thread));
        };
        await until('there are two again', async () => (await threads()).size === 2);
        assert.ok(before.inits === 1);
        const [, part] = await machine.motherboard.status();
        assert.equal(part?.restarts, 0, 'the part itself did not fail');
      });
    }

    it('leaves a dead letter of what it ran', async () => {
      await boot();
      await code(ref.ask('die', null));
      const letters = machine.motherboard.deadLetters.all();
      assert.ok(
        letters.some(
          ({ to, method, reason }) => `${to} ${method} ${reason}` === 'pooled die died-while-running',
        ),
      );
    });

    it('time after time is a failure of the part, which its supervisor restarts', async () => {
      await boot({ workers: 1 });
      for (let count = 0; count < 6; count++) assert.equal(await code(ref.ask('die', null)), 'MF601');
      await until('it was restarted', async () => (await machine.motherboard.status())[1]?.restarts === 1);
      assert.equal((await ref.ask('where', {})).inits, 1);
    });
  });

  it('ends running messages first when it is stopped, and starts anew', async () => {
    await boot({ workers: 1 });
    const running = ref.ask('where', { ms: 150 });
    await machine.motherboard.restart('pooled');
    assert.equal((await running).inits, 1);
    assert.equal((await ref.ask('where', {})).inits, 1);
  });

  it('stuck in a loop is ended by force within its budget', async () => {
    machine = await bootMachine([
      echo('witness', { placement: { kind: 'inline' } }),
      { ...pooled({ workers: 1 }), shutdownMs: 200 },
    ]);
    ref = machine.ref<PooledProtocol>('pooled');
    const stuck = code(ref.ask('patient', { ms: longMs, name: 'stuck' }));
    await machine.motherboard.restart('pooled');
    assert.equal(await stuck, 'MF601');
    assert.equal((await ref.ask('where', {})).inits, 1);
  });
});

describe('what the pool rests on', () => {
  it('piscina ends the thread of a running task that is aborted, so the pool never tells it to', async () => {
    const filename = fileURLToPath(fixture('piscina-task.worker'));
    const piscina = new Piscina({ filename, name: 'runForAWhile', minThreads: 1, maxThreads: 1 });
    try {
      const first = await piscina.run(0);
      assert.equal(await piscina.run(0), first, 'it is the same thread without an abort');
      const controller = new AbortController();
      const task = piscina.run(longMs, { signal: controller.signal });
      setTimeout(() => controller.abort(), 20);
      await assert.rejects(task, /aborted/);
      assert.notEqual(await piscina.run(0), first);
    } finally {
      await piscina.destroy();
    }
  });
});

describe('a pool that does not start', () => {
  it('says why, and leaves no worker behind', async () => {
    const machine = makeMachine([pooled({}, { failInit: true })]);
    await assert.rejects(machine.motherboard.boot(), (error: MagFlockError) => {
      assert.equal(error.code, 'MF700');
      assert.match(error.message, /no model there/);
      assert.equal(error.fix, 'fetch it');
      return true;
    });
  });

  const rows: [field: string, placement: object][] = [
    ['workers', { workers: 0 }],
    ['concurrency', { concurrency: 1.5 }],
    ['queue', { queue: -1 }],
  ];
  for (const [field, placement] of rows) {
    it(`because of its ${field} is refused with a message that names it`, () => {
      assert.throws(
        () => makeMachine([pooled(placement)]),
        new RegExp(`placement ${field} must be a whole number`),
      );
    });
  }

  it('because of replicas is refused: they need a thread of their own', () => {
    const replicas = [{ name: 'owner', module: fixture('owner.replica') }];
    assert.throws(() => makeMachine([{ ...pooled(), replicas }]), /replicas need a placement of kind thread/);
  });
});
