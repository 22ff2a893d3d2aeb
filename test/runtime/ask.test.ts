import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { DeadlineQueue } from '../../runtime/actor/deadline-queue.ts';
import type { MailboxOptions } from '../../runtime/actor/define-actor.ts';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { Outgoing } from '../../runtime/port/outgoing.ts';
import { type EchoProtocol, actor as echo } from './fixtures/echo.actor.ts';
import type { NurseryProtocol } from './fixtures/nursery.actor.ts';
import { fixture } from './support/machine.ts';
import { until } from './support/until.ts';

const code = (expected: string) => (error: unknown) => {
  assert.equal((error as MagFlockError).code, expected, String(error));
  return true;
};
const codeOf = (asked: Promise<unknown>) =>
  asked.then(
    () => 'answered',
    (error: MagFlockError) => error.code,
  );
/** Keeps an actor busy until it is let go. */
function occupy(ref: ActorRef<EchoProtocol>): () => void {
  const controller = new AbortController();
  ref.ask('cancelled', { ms: 15_000 }, { signal: controller.signal }).catch(() => {});
  return () => controller.abort();
}
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

type More = { readonly concurrency?: number; readonly mailbox?: MailboxOptions };
let born = 0;

/** Every kind of actor an ask can be for. `tight`: concurrency 3, room for 3 messages and 8 KiB. */
const targets: readonly {
  readonly name: string;
  readonly child: boolean;
  make(system: ActorSystem, more?: More): Promise<ActorRef<EchoProtocol>>;
}[] = [
  {
    name: 'a part in another thread',
    child: false,
    async make(system, more) {
      const module = fixture(more === undefined ? 'echo.actor' : 'tight-echo.actor');
      return system.start<EchoProtocol>({ id: `t${++born}`, module, placement: { kind: 'thread' } });
    },
  },
  {
    name: 'an inline part',
    child: false,
    async make(system, more) {
      const module = fixture(more === undefined ? 'echo.actor' : 'tight-echo.actor');
      return system.start<EchoProtocol>({ id: `i${++born}`, module, placement: { kind: 'inline' } });
    },
  },
  {
    name: 'a spawned child in this thread',
    child: true,
    make: async (system, more) =>
      system.spawn({ ...echo, ...more }, { name: `c${++born}`, args: undefined }) as ActorRef<EchoProtocol>,
  },
  {
    name: 'a child in this thread, by its path',
    child: true,
    async make(system, more) {
      const name = `p${++born}`;
      const path = await system.ref<NurseryProtocol>('/near').ask('bear', { name, ...more });
      return system.ref<EchoProtocol>(path);
    },
  },
  {
    name: 'a child in another thread',
    child: true,
    async make(system, more) {
      const name = `f${++born}`;
      const path = await system.ref<NurseryProtocol>('/far').ask('bear', { name, ...more });
      return system.ref<EchoProtocol>(path);
    },
  },
];

for (const target of targets) {
  describe(`an ask to ${target.name}`, () => {
    let system: ActorSystem;
    let ref: ActorRef<EchoProtocol>;
    const tight = () => target.make(system, { concurrency: 3, mailbox: { limit: 3, bytes: 8_192 } });
    before(async () => {
      system = await createActorSystem();
      const module = fixture('nursery.actor');
      await system.start({ id: 'far', module, placement: { kind: 'thread' } });
      await system.start({ id: 'near', module, placement: { kind: 'inline' } });
      await system.start({ id: 'other', module: fixture('echo.actor'), placement: { kind: 'thread' } });
    });
    beforeEach(async () => {
      ref = await target.make(system);
    });
    after(() => system.stop());

    it('has a deadline without one being named, and it is a time', async () => {
      const start = Date.now();
      const deadline = await ref.ask('deadline', null);
      assert.ok(deadline >= start + 30_000 && deadline <= Date.now() + 30_000, String(deadline - start));
    });

    it('hands its deadline on to what it asks, which never gets a later one', async () => {
      const start = Date.now();
      const nested = (timeoutMs: number) => ({ part: 'other', method: 'deadline', payload: null, timeoutMs });
      const later = (await ref.ask('askOther', nested(60_000), { timeoutMs: 900 })) as number;
      assert.ok(later <= start + 900 + 200, `${later - start} ms`);
      const earlier = (await ref.ask('askOther', nested(200), { timeoutMs: 20_000 })) as number;
      assert.ok(earlier <= Date.now() + 200, `${earlier - start} ms`);
    });

    it('ends at its deadline, and is not run when that has passed while it waited', async () => {
      const free = occupy(ref);
      await assert.rejects(ref.ask('echo', 'expired', { timeoutMs: 30 }), code('MF602'));
      free();
      assert.ok(!(await ref.ask('seen', null)).includes('expired'));
    });

    it('is cancelled by its signal: waiting it is not run, running it is told', async () => {
      const controller = new AbortController();
      const running = ref.ask('cancelled', { ms: 15_000 }, { signal: controller.signal });
      const waiting = ref.ask('echo', 'cancelled', { signal: controller.signal });
      await pause(30);
      controller.abort();
      await assert.rejects(waiting, code('MF606'));
      await assert.rejects(running, code('MF606'));
      assert.ok(!(await ref.ask('seen', null, { timeoutMs: 5_000 })).includes('cancelled'));
    });

    it('frees what it took when it is cancelled: thousands come after it', async () => {
      const free = occupy(ref);
      const controller = new AbortController();
      const { signal } = controller;
      const cancelled = Array.from({ length: 500 }, (_, number) =>
        codeOf(ref.ask('echo', number, { signal })),
      );
      await pause(10);
      controller.abort();
      free();
      const others = Array.from({ length: 500 }, (_, number) => ref.ask('echo', `kept ${number}`));
      assert.deepEqual(new Set(await Promise.all(cancelled)), new Set(['MF606']));
      assert.deepEqual(
        await Promise.all(others),
        Array.from({ length: 500 }, (_, number) => `kept ${number}`),
      );
      assert.equal((await ref.ask('seen', null)).filter((each) => typeof each === 'number').length, 0);
    });

    it('settles once: a reply that comes late is dropped', async () => {
      let settled = 0;
      const late = ref.ask('wait', { ms: 60, value: 'late' }, { timeoutMs: 20 });
      await late.finally(() => settled++).catch(code('MF602'));
      await until('the late one ran', async () => (await ref.ask('seen', null)).includes('late'));
      assert.equal(settled, 1);
      assert.equal(await ref.ask('echo', 'next'), 'next');
    });

    it('of high priority overtakes what waits, not what runs', async () => {
      const done: string[] = [];
      const note = (name: string) => () => done.push(name);
      const free = occupy(ref);
      await pause(60);
      const normal = ref.ask('echo', 1).then(note('normal'));
      const high = ref.ask('echo', 2, { priority: 'high' }).then(note('high'));
      free();
      await Promise.all([normal, high]);
      assert.deepEqual(done, ['high', 'normal']);
    });

    it('does not keep the work of the runtime waiting, however many there are', async () => {
      await ref.ask('startTimer', { everyMs: 2 });
      const many = Array.from({ length: 60 }, () => ref.ask('wait', { ms: 3 }));
      await Promise.all(many);
      const { ticks, overlapping } = await ref.ask('stopTimer', null);
      assert.ok(ticks >= 2, `${ticks} ticks`);
      assert.equal(overlapping, 0);
    });

    it('runs beside as many others as the actor takes, and no more', async () => {
      const three = await tight();
      const start = Date.now();
      const beside = [1, 2, 3].map((value) => three.ask('wait', { ms: 150, value }));
      await pause(30);
      const fourth = three.ask('wait', { ms: 150, value: 4 });
      assert.deepEqual(await Promise.all(beside), [1, 2, 3]);
      assert.ok(Date.now() - start < 450, 'they ran one after the other');
      assert.equal(await fourth, 4);
      assert.ok(Date.now() - start >= 290, 'the fourth did not wait for a place');
    });

    it('is refused when the mailbox is full, in messages and in bytes', async () => {
      const three = await tight();
      const all = () => {
        const free = [1, 2, 3].map(() => occupy(three));
        return async (asks: readonly Promise<string>[]) => {
          await pause(30);
          for (const each of free) each();
          return (await Promise.all(asks)).sort();
        };
      };
      const counted = all();
      await pause(60);
      const codes = await counted([1, 2, 3, 4, 5].map((number) => codeOf(three.ask('echo', number))));
      assert.deepEqual(codes, ['MF603', 'MF603', 'answered', 'answered', 'answered']);
      const sized = all();
      await pause(60);
      const large = 'x'.repeat(3_000);
      assert.deepEqual(await sized([1, 2].map(() => codeOf(three.ask('echo', large)))), [
        'MF603',
        'answered',
      ]);
    });

    it('is answered with code and message when the details of an error cannot be cloned, and mixes nothing up', async () => {
      const asks = [ref.ask('echo', 1), ref.ask('refuseWithCode', null), ref.ask('echo', 2)];
      const slow = ref.ask('wait', { ms: 30, value: 3 });
      const [one, refused, two] = await Promise.allSettled(asks);
      assert.deepEqual(
        [one, two].map((each) => (each as PromiseFulfilledResult<unknown>).value),
        [1, 2],
      );
      const { reason } = refused as PromiseRejectedResult;
      assert.deepEqual([reason.code, reason.message], ['MF403', 'not you']);
      assert.equal(await slow, 3);
    });

    it('is answered MF699 when something is thrown that has no string, and the actor lives on', async () => {
      await assert.rejects(ref.ask('throwBare', null), code('MF699'));
      assert.equal(await ref.ask('echo', 'next'), 'next');
    });

    if (target.child) {
      const policies: readonly [NonNullable<MailboxOptions['overflow']>, readonly string[]][] = [
        ['reject', ['answered', 'answered', 'MF603', 'MF603']],
        ['drop-newest', ['answered', 'answered', 'MF603', 'MF603']],
        ['drop-oldest', ['MF603', 'MF603', 'answered', 'answered']],
        ['wait', ['answered', 'answered', 'answered', 'answered']],
      ];
      for (const [overflow, expected] of policies) {
        it(`finds the overflow policy ${overflow} of a child`, async () => {
          const child = await target.make(system, { mailbox: { limit: 2, overflow } });
          const free = occupy(child);
          await pause(60);
          const asks = [1, 2, 3, 4].map((number) => codeOf(child.ask('echo', number)));
          await pause(30);
          free();
          assert.deepEqual(await Promise.all(asks), expected);
        });
      }
    }
  });
}

describe('an ask', () => {
  it('settles once, whatever comes for it', async () => {
    const deadlines = new DeadlineQueue();
    const address = { target: 'echo', from: '/test', signatures: new Map(), connection: undefined };
    const controller = new AbortController();
    for (const [first, expected] of [
      [(ask: Outgoing) => ask.reply(1), 1],
      [(ask: Outgoing) => ask.fail(new MagFlockError('MF601', 'gone')), 'MF601'],
      [(ask: Outgoing) => ask.expire(), 'MF602'],
      [(ask: Outgoing) => ask.cancel(), 'MF606'],
    ] as const) {
      const ask = new Outgoing(address, 'echo', null, Date.now() + 60_000, undefined, deadlines);
      const settled = ask.promise(controller.signal).catch((error: MagFlockError) => error.code);
      let told = 0;
      first(ask);
      ask.onAbandon = () => void told++;
      ask.reply(2);
      ask.fail(new Error('late'));
      ask.expire();
      ask.cancel();
      controller.abort();
      assert.equal(await settled, expected);
      assert.equal(told, 0, 'the target hears of it once');
    }
    assert.equal(deadlines.size, 0);
    deadlines.close();
  });
});

describe('an ask to an actor that dies', () => {
  let system: ActorSystem;
  const quick = { timeoutMs: 20_000 };
  beforeEach(async () => {
    system = await createActorSystem();
    await system.start({ id: 'far', module: fixture('nursery.actor'), placement: { kind: 'thread' } });
    await system.start({ id: 'near', module: fixture('nursery.actor'), placement: { kind: 'inline' } });
  });
  afterEach(() => system.stop());

  const immediately = async (asked: Promise<unknown>, expected: string) => {
    const start = Date.now();
    assert.equal(await codeOf(asked), expected);
    assert.ok(Date.now() - start < 10_000, 'it was not told at once');
  };

  it('with its thread is answered MF601 at once (part, child)', async () => {
    const path = await system.ref<NurseryProtocol>('/far').ask('bear', { name: 'kid' });
    await immediately(system.ref<EchoProtocol>(path).ask('die', { how: 'throw' }, quick), 'MF601');
    const part = await system.start<EchoProtocol>({
      id: 'part',
      module: fixture('echo.actor'),
      placement: { kind: 'thread' },
    });
    await immediately(part.ask('die', { how: 'exit' }, quick), 'MF601');
  });

  for (const parent of ['/near', '/far']) {
    it(`because its parent stops it is answered when it runs, and refused afterwards (child of ${parent})`, async () => {
      const nursery = system.ref<NurseryProtocol>(parent);
      const kid = system.ref<EchoProtocol>(await nursery.ask('bear', { name: 'kid' }));
      const running = kid.ask('wait', { ms: 50, value: 'done' }, quick);
      await pause(15);
      const stopped = nursery.ask('stop', 'kid');
      assert.equal(await running, 'done');
      await stopped;
      const late = await codeOf(kid.ask('echo', 1, quick));
      assert.ok(late === 'MF601' || late === 'MF604', late);
      await immediately(nursery.ask('viaRef', { name: 'kid', method: 'echo', payload: 1 }, quick), 'MF601');
    });
  }

  it('because its stop took too long is answered MF601, and its place is free (inline part)', async () => {
    const part = await system.start<EchoProtocol>({
      id: 'slow',
      module: fixture('echo.actor'),
      placement: { kind: 'inline' },
      shutdownMs: 100,
    } as never);
    const stuck = part.ask('cancelled', { ms: 60_000 }, quick).catch((error: MagFlockError) => error.code);
    const forever = part.ask('wait', { ms: 1_500, value: 'zombie' }, quick);
    void forever.catch(() => {});
    await pause(20);
    const restarted = system.motherboard.restart('slow');
    await restarted;
    assert.ok(['MF601', 'cancelled'].includes(String(await stuck)));
    assert.equal(await part.ask('echo', 'new life', quick), 'new life');
    await forever.catch(() => {});
  });
});
