import assert from 'node:assert/strict';
import fc from 'fast-check';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import { runsOf, type Work } from './fixtures/mayfly.ts';
import { deliver, type Letter, type PostmanProtocol } from './fixtures/postman.actor.ts';
import { fixture } from './support/machine.ts';
import { until } from './support/until.ts';

const seed = Number(process.env.MAGFLOCK_PROPERTY_SEED ?? Date.now() % 1_000_000);
const runs = Number(process.env.MAGFLOCK_PROPERTY_RUNS ?? 5);

const senders = ['main', '/postman', '/inline-postman'] as const;
const targets = ['/far', '/far/kid', '/near', '/near/kid'] as const;
type Sender = (typeof senders)[number];
type Target = (typeof targets)[number];
type Ends = NonNullable<Work['end']>;

type Step =
  | {
      readonly kind: 'send';
      readonly from: Sender;
      readonly to: Target;
      readonly count: number;
      readonly asked: boolean;
      readonly high: boolean;
      readonly slow: boolean;
      readonly size: number;
      readonly end: Ends | undefined;
    }
  | { readonly kind: 'restart' | 'swap' | 'hold'; readonly part: 'far' | 'near' }
  | { readonly kind: 'pause'; readonly ms: number };

const send = fc.record({
  kind: fc.constant('send' as const),
  from: fc.constantFrom(...senders),
  to: fc.constantFrom(...targets),
  count: fc.integer({ min: 1, max: 60 }),
  asked: fc.boolean(),
  high: fc.boolean(),
  slow: fc.boolean(),
  size: fc.constantFrom(0, 10, 20_000),
  end: fc.option(fc.constantFrom('defect', 'exit', 'timer', 'thread'), { nil: undefined, freq: 3 }),
});
const part = fc.constantFrom('far' as const, 'near' as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: send as fc.Arbitrary<Step> },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('restart' as const), part }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('swap' as const), part }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('hold' as const), part }) },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('pause' as const), ms: fc.integer({ min: 0, max: 20 }) }),
  },
);
const plan = fc.array(step, { minLength: 6, maxLength: 18 });

interface Sent extends Letter {
  readonly from: Sender;
  outcome: number | string | undefined;
  settled: number;
}

/** One value of the machine's metrics, summed over its labels. */
async function metric(system: ActorSystem, name: string): Promise<number> {
  const { text } = await system.motherboard.metrics();
  const values = text
    .split('\n')
    .filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `));
  return values.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
}

async function keepsItsPromises(steps: readonly Step[]): Promise<void> {
  const memory = new Map(targets.map((target) => [target, new SharedArrayBuffer(4 * 8_192)]));
  const args = (name: string) => ({
    runs: memory.get(`/${name}` as Target),
    kidRuns: memory.get(`/${name}/kid` as Target),
  });
  const system = await createActorSystem({
    supervision: { intensity: { restarts: 10_000 }, backoff: { baseMs: 1, maxMs: 5 } },
  });
  const all: Sent[] = [];
  const under: Promise<unknown>[] = [];
  try {
    await system.start({
      id: 'far',
      module: fixture('mayfly.actor'),
      placement: { kind: 'thread' },
      args: args('far'),
    });
    await system.start({
      id: 'near',
      module: fixture('mayfly.actor'),
      placement: { kind: 'inline' },
      args: args('near'),
    });
    await system.start({ id: 'postman', module: fixture('postman.actor'), placement: { kind: 'thread' } });
    await system.start({
      id: 'inline-postman',
      module: fixture('postman.actor'),
      placement: { kind: 'inline' },
    });
    for (const current of steps) {
      if (current.kind === 'pause') await new Promise((resolve) => setTimeout(resolve, current.ms));
      // It may find the part in the midst of a crash, and be refused or fail.
      else if (current.kind === 'restart')
        under.push(system.motherboard.restart(current.part).catch(() => {}));
      else if (current.kind === 'swap') under.push(system.motherboard.swap(current.part).catch(() => {}));
      else if (current.kind === 'send') under.push(post(current));
      else under.push(hold(current.part));
    }
    await Promise.all(under);
    await until(
      'everything has run or been refused',
      async () => {
        const open = [
          'magflock_asks_open',
          'magflock_link_waiting_messages',
          'magflock_link_unanswered_messages',
          'magflock_actor_mailbox_messages',
        ];
        const left = await Promise.all(open.map((name) => metric(system, name)));
        return left.every((count) => count === 0);
      },
      15_000,
    );
    check();
  } finally {
    await system.stop();
  }

  /** As an operator does; a crash in between is as good as a resume. */
  async function hold(part: 'far' | 'near'): Promise<void> {
    const path = `/${part}`;
    await system.motherboard.tree.suspend({ path }).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 10));
    await until(`${part} goes on`, () =>
      system.motherboard.tree.resume({ path }).then(
        () => true,
        () => false,
      ),
    );
  }

  async function post(current: Extract<Step, { kind: 'send' }>): Promise<void> {
    const { from, to, count, asked, slow, size } = current;
    // A tell has no priority, and the main thread must not end.
    const high = current.high && asked;
    const end = current.end === 'thread' && to.startsWith('/near') ? 'exit' : current.end;
    const text = 'x'.repeat(size);
    const sent = Array.from({ length: count }, (_, index): Sent => {
      const number = all.length + index + 1;
      const ends = end !== undefined && index === Math.floor(count / 2) ? { end } : {};
      return { from, to, asked, high, work: { number, text, slow, ...ends }, outcome: undefined, settled: 0 };
    });
    all.push(...sent);
    const outcomes =
      from === 'main'
        ? await deliver((path) => system.ref(path), sent)
        : await system.ref<PostmanProtocol>(from).ask('deliver', sent, { timeoutMs: 60_000 });
    for (const [index, each] of sent.entries()) {
      each.outcome = outcomes[index];
      each.settled += 1;
    }
  }

  function check(): void {
    for (const target of targets) {
      const ran = runsOf(memory.get(target) as SharedArrayBuffer);
      const times = new Map<number, number>();
      for (const number of ran) times.set(number, (times.get(number) ?? 0) + 1);
      const isPart = target.lastIndexOf('/') === 0;
      for (const { to, asked, work, outcome, settled } of all) {
        if (to !== target) continue;
        const { number, end } = work;
        const count = times.get(number) ?? 0;
        const what = `${number} (${JSON.stringify({ ...work, text: work.text?.length, to, asked })}) ended ${outcome} and ran ${count} times`;
        assert.equal(settled, 1, what);
        assert.ok(count <= 1, what);
        if (typeof outcome === 'number') assert.ok(outcome === number && count === 1, what);
        else if (outcome === 'told') assert.ok(count === 1 || !isPart, what);
        else if (outcome === 'MF699') assert.ok(end === 'defect' && count === 1, what);
        // What had not been started waits for the next incarnation of a part; a child may be gone.
        else if (outcome === 'MF601') assert.ok(count === 1 || !isPart, what);
        else assert.ok(outcome === 'MF604' && !isPart && count === 0, what);
      }
      for (const from of senders) {
        for (const high of [true, false]) {
          const mine = new Set(
            all.filter((each) => each.from === from && each.high === high).map(({ work }) => work.number),
          );
          const order = ran.filter((number) => mine.has(number));
          assert.deepEqual(
            order,
            [...order].sort((a, b) => a - b),
            `order of ${from} at ${target}`,
          );
        }
      }
    }
  }
}

describe('actors under random messages, crashes, restarts, suspensions and swaps', () => {
  it(`keep every promise (seed ${seed}, ${runs} runs)`, async () => {
    await fc.assert(fc.asyncProperty(plan, keepsItsPromises), { seed, numRuns: runs, endOnFailure: true });
  }).timeout(120_000 + runs * 20_000);
});
