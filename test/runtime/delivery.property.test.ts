import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { EchoProtocol } from './fixtures/echo.actor.ts';
import type { VictimProtocol } from './fixtures/victim.actor.ts';
import { bootMachine, echo, fixture } from './support/machine.ts';

type Step =
  | { readonly kind: 'ask'; readonly from: 'main' | 'relay'; readonly count: number }
  | { readonly kind: 'die'; readonly from: 'main' | 'relay' }
  | { readonly kind: 'restart' }
  | { readonly kind: 'pause'; readonly ms: number };

const from = fc.constantFrom('main' as const, 'relay' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({ kind: fc.constant('ask' as const), from, count: fc.integer({ min: 1, max: 80 }) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('die' as const), from }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.integer({ min: 0, max: 30 }) }),
  },
);
// More crashes than the intensity allows would end in quarantine, which is another test.
const plan = fc.array(step, { minLength: 4, maxLength: 16 }).map((steps) => {
  let deaths = 0;
  return steps.filter(({ kind }) => kind !== 'die' || ++deaths <= 4);
});

/**
 * Two senders in two threads, a target that dies and is restarted at random: each message is answered exactly
 * once; one that was answered with its value ran exactly once; one that got MF601 ran at most once; and what ran
 * did so in the order of its sender.
 */
async function keepsItsPromises(steps: readonly Step[]): Promise<void> {
  const machine = await bootMachine([
    echo('witness'),
    { id: 'victim', module: fixture('victim.actor'), placement: { kind: 'thread' }, requires: ['witness'] },
    { ...echo('relay'), module: fixture('relay.actor') },
  ]);
  const victim = machine.ref<VictimProtocol>('victim');
  const relay = machine.ref<EchoProtocol>('relay');
  const next = { main: 0, relay: 1_000_000 };
  const outcomes = new Map<number, string>();
  const asks: Promise<void>[] = [];
  const send = (sender: 'main' | 'relay', die: boolean) => {
    const number = next[sender]++;
    const payload = { number, die };
    const ask =
      sender === 'main'
        ? victim.ask('work', payload)
        : relay.ask('askOther', { part: 'victim', method: 'work', payload });
    asks.push(
      ask.then(
        (value) => {
          assert.equal(value, number);
          assert.ok(!outcomes.has(number), `${number} was answered twice`);
          outcomes.set(number, 'value');
        },
        (error: MagFlockError) => void outcomes.set(number, error.code),
      ),
    );
  };
  try {
    for (const current of steps) {
      if (current.kind === 'ask')
        for (let index = 0; index < current.count; index++) send(current.from, false);
      else if (current.kind === 'die') send(current.from, true);
      else if (current.kind === 'pause') await new Promise((resolve) => setTimeout(resolve, current.ms));
      // It may find the part in the midst of a crash; the supervisor then has it anyway.
      else await machine.motherboard.restart('victim').catch(() => {});
    }
    await Promise.all(asks);
    const seen = (await machine.ref('witness').ask('seen', null)) as readonly number[];
    const times = new Map<number, number>();
    for (const number of seen) times.set(number, (times.get(number) ?? 0) + 1);
    for (const [number, outcome] of outcomes) {
      const ran = times.get(number) ?? 0;
      if (outcome === 'value') assert.equal(ran, 1, `${number} was answered and ran ${ran} times`);
      else {
        assert.equal(outcome, 'MF601', `${number} ended with ${outcome}`);
        assert.ok(ran <= 1, `${number} ran ${ran} times`);
      }
    }
    for (const sender of ['main', 'relay'] as const) {
      const mine = seen.filter((number) => (sender === 'main' ? number < 1_000_000 : number >= 1_000_000));
      assert.deepEqual(
        mine,
        [...mine].sort((a, b) => a - b),
        `order of ${sender}`,
      );
    }
  } finally {
    await machine.close();
  }
}

describe('delivery under random crashes and restarts', () => {
  it('keeps every promise to both senders', async () => {
    await fc.assert(fc.asyncProperty(plan, keepsItsPromises), { numRuns: 6, endOnFailure: true });
  }).timeout(120_000);
});
