import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { EchoProtocol } from './fixtures/echo.actor.ts';
import type { VictimProtocol } from './fixtures/victim.actor.ts';
import { bootMachine, echo, fixture, type Machine } from './support/machine.ts';
import { until } from './support/until.ts';

type Outcome = { readonly value: unknown } | { readonly code: string };
const outcomeOf = (ask: Promise<unknown>): Promise<Outcome> =>
  ask.then(
    (value) => ({ value }),
    (error: MagFlockError) => ({ code: error.code }),
  );

describe('a thread that dies', () => {
  let machine: Machine;
  let ref: ActorRef<EchoProtocol>;

  beforeEach(async () => {
    machine = await bootMachine([echo('one', { shutdownMs: 200 }), echo('two')]);
    ref = machine.ref('one');
  });
  afterEach(() => machine.close());

  for (const [how, reason] of [
    ['throw', /died as asked/],
    ['reject', /died as asked/],
    ['exit', /exit code 3/],
    ['exit-0', /ended by itself/],
  ] as const) {
    it(`by ${how} answers what ran MF601 at once, names the reason and comes back`, async () => {
      const reasons: string[] = [];
      machine.motherboard.events.on('component.failed', ({ path, reason: why }) => {
        reasons.push(`${path} ${why}`);
      });
      assert.deepEqual(await outcomeOf(ref.ask('die', { how }, { timeoutMs: 15_000 })), { code: 'MF601' });
      assert.equal(await ref.ask('incarnation', null), 2);
      assert.match(reasons.join(), reason);
      const [one] = await machine.motherboard.status();
      assert.equal(one?.restarts, 1);
      assert.equal(one?.state, 'ready');
    });
  }

  it('does not disturb the others', async () => {
    const two = machine.ref('two');
    void outcomeOf(ref.ask('die', { how: 'throw' }));
    assert.equal(await two.ask('echo', 'calm'), 'calm');
    assert.equal(await ref.ask('incarnation', null), 2);
    assert.equal(await two.ask('incarnation', null), 1);
  });

  it('also answers an asker in another worker thread', async () => {
    const two = machine.ref('two');
    const nested = { part: 'one', method: 'die', payload: { how: 'throw' } };
    assert.deepEqual(await outcomeOf(two.ask('askOther', nested)), { code: 'MF601' });
    const again = { part: 'one', method: 'incarnation', payload: null };
    assert.equal(await two.ask('askOther', again), 2);
  });

  it('takes what it had asked for with it: nobody runs it, and nobody is answered', async () => {
    const two = machine.ref('two');
    const busy = two.ask('wait', { ms: 300 });
    const nested = { part: 'two', method: 'echo', payload: 'from the dead' };
    void outcomeOf(ref.ask('askOther', nested));
    await until('it waits there', async () => ((await machine.motherboard.status())[1]?.mailbox ?? 0) > 0);
    await machine.motherboard.restart('one');
    await busy;
    assert.equal(await ref.ask('incarnation', null), 2);
    assert.ok(!(await two.ask('seen', null)).includes('from the dead'));
  });

  it('does not take back what it had told others', async () => {
    const two = machine.ref('two');
    const busy = two.ask('wait', { ms: 200 });
    await ref.ask('tellOther', { part: 'two', method: 'echo', payload: 'last words' });
    await until('it waits there', async () => ((await machine.motherboard.status())[1]?.mailbox ?? 0) > 0);
    await outcomeOf(ref.ask('die', { how: 'throw' }));
    await busy;
    assert.ok((await two.ask('seen', null)).includes('last words'));
  });

  it('leaves a dead letter of the message that ran', async () => {
    await outcomeOf(ref.ask('die', { how: 'throw' }));
    const letters = machine.motherboard.deadLetters.all();
    assert.ok(
      letters.some(
        ({ to, method, reason }) => to === 'one' && method === 'die' && reason === 'died-while-running',
      ),
    );
  });

  it('an ask with a short deadline does not wait for the restart', async () => {
    void outcomeOf(ref.ask('die', { how: 'throw' }));
    const start = Date.now();
    const outcome = await outcomeOf(ref.ask('echo', 1, { timeoutMs: 20 }));
    assert.deepEqual(outcome, { code: 'MF602' });
    assert.ok(Date.now() - start < 200);
  });

  it('stuck in a loop is ended by restart', async () => {
    void outcomeOf(ref.ask('die', { how: 'spin' }));
    await new Promise((resolve) => setTimeout(resolve, 30));
    const restart = machine.motherboard.restart('one');
    assert.equal(await restart, 2);
    assert.equal(await ref.ask('echo', 'back'), 'back');
  });
});

describe('delivery across a crash', () => {
  let machine: Machine;

  beforeEach(async () => {
    machine = await bootMachine([
      echo('witness'),
      { id: 'victim', module: fixture('victim.actor'), placement: { kind: 'thread' }, requires: ['witness'] },
    ]);
  });
  afterEach(() => machine.close());

  it('asks: what was not started runs once and in order, what was started gets MF601 and never runs again', async () => {
    const victim = machine.ref<VictimProtocol>('victim');
    const fatal = new Set([100, 350, 351]);
    const asks = Array.from({ length: 500 }, (_, number) =>
      outcomeOf(victim.ask('work', { number, die: fatal.has(number) })),
    );
    const outcomes = await Promise.all(asks);
    const expected = outcomes.map((_, number) => (fatal.has(number) ? { code: 'MF601' } : { value: number }));
    assert.deepEqual(outcomes, expected);
    const seen = await machine.ref('witness').ask('seen', null);
    assert.deepEqual(
      seen,
      Array.from({ length: 500 }, (_, number) => number),
    );
  });

  it('tells: the same, without anybody waiting', async () => {
    const victim = machine.ref<VictimProtocol>('victim');
    for (let number = 0; number < 300; number++) victim.tell('work', { number, die: number === 150 });
    const witness = machine.ref('witness');
    await until('all have run', async () => (await witness.ask('seen', null)).length >= 300);
    const seen = await witness.ask('seen', null);
    assert.deepEqual(
      seen,
      Array.from({ length: 300 }, (_, number) => number),
    );
  });

  it('more messages than a connection takes at once: all of them, in order', async () => {
    const victim = machine.ref<VictimProtocol>('victim');
    const count = 20_000;
    const outcomes = Promise.all(
      Array.from({ length: count }, (_, number) =>
        outcomeOf(victim.ask('work', { number, die: number === 9_000 }, { timeoutMs: 60_000 })),
      ),
    );
    const refused = (await outcomes).filter((outcome) => 'code' in outcome && outcome.code !== 'MF601');
    const seen = await machine.ref('witness').ask('seen', null);
    // The mailbox takes 10,000; the rest of what is on the wire is refused with a typed error, none is lost.
    assert.equal(seen.length + refused.length, count);
    assert.ok(seen.every((number, index) => index === 0 || (number as number) > (seen[index - 1] as number)));
    assert.ok(refused.every((outcome) => 'code' in outcome && outcome.code === 'MF603'));
  }).timeout(40_000);
});
