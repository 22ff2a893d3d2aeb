import assert from 'node:assert/strict';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { defineActor, type MailboxOptions } from '../../runtime/actor/define-actor.ts';
import type { Topic, TopicSubscription } from '../../runtime/actor/topic.ts';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import { type BondProtocol, actor as bond } from './fixtures/bond.actor.ts';
import { fixture } from './support/machine.ts';
import { until } from './support/until.ts';

type Bond = ActorRef<BondProtocol>;
const module = fixture('bond.actor');
const numbers = (count: number, from = 0) => Array.from({ length: count }, (_, index) => from + index);

interface SlowProtocol {
  run(n: number): void;
  ping(request: null): void;
}

/** Subscribes with a method or a handler that takes its time, behind a mailbox of few places. */
function slowActor(topic: string, mailbox: MailboxOptions, seen: number[], by: 'handler' | 'method') {
  return defineActor<{ subscription: TopicSubscription }, SlowProtocol>({
    name: 'slow',
    version: '1',
    mailbox,
    init(context) {
      const subject = context.topic<number>(topic);
      const run = async (n: number) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.push(n);
      };
      return { subscription: subject.subscribe(by === 'method' ? 'run' : run) };
    },
    methods: {
      async run(_state, n) {
        await new Promise((resolve) => setTimeout(resolve, 1));
        seen.push(n);
      },
      ping: () => {},
    },
  });
}

describe('topics', () => {
  let system: ActorSystem;
  let crowds: readonly Bond[];
  let topics = 0;
  let topic = '';
  before(async () => {
    system = await createActorSystem({
      supervision: { backoff: { baseMs: 5 }, intensity: { restarts: 500 } },
    });
    crowds = await Promise.all(
      numbers(3).map((n) =>
        system.start<BondProtocol>({ id: `crowd-${n}`, module, placement: { kind: 'thread' } }),
      ),
    );
  });
  after(() => system.stop());
  beforeEach(() => {
    topic = `news-${++topics}`;
  });

  /** A topic of an actor of the main thread. */
  function publisher(name = topic): Topic<unknown> {
    let context: ActorContext | undefined;
    const probe = defineActor<null, { ping(request: null): void }>({
      name: 'publisher',
      version: '1',
      init(its) {
        context = its;
        return null;
      },
      methods: { ping: () => {} },
    });
    system.spawn(probe);
    return (context as unknown as ActorContext).topic(name);
  }

  it('reach every subscriber in every thread, in the order of each publisher', async () => {
    const main = system.spawn(bond);
    await Promise.all([main, ...crowds].map((one) => one.ask('subscribe', topic)));
    const publishers = [main, ...crowds];
    await Promise.all(
      publishers.map((one, who) =>
        one.ask('publish', { topic, messages: numbers(500).map((n) => `${who} ${n}`) }),
      ),
    );
    for (const one of publishers) {
      await until('all have come', async () => (await one.ask('heard', null)).length === 2_000);
      const heard = (await one.ask('heard', null)) as readonly string[];
      for (const who of publishers.keys()) {
        const from = heard.filter((each) => each.startsWith(`${who} `));
        assert.deepEqual(
          from,
          numbers(500).map((n) => `${who} ${n}`),
        );
      }
    }
  });

  it('reach a thousand subscribers on four threads', async () => {
    const main = system.spawn(bond);
    await Promise.all([main, ...crowds].map((one) => one.ask('crowd', { topic, count: 250 })));
    const to = publisher();
    for (const n of numbers(10)) await to.publish(n);
    for (const one of [main, ...crowds]) {
      await until('all have come', async () => {
        const heard = await one.ask('heardByCrowd', null);
        return heard.length === 250 && heard.every((count) => count === 10);
      });
    }
  });

  it('bring nothing to those who have unsubscribed or ended, and to nobody without a complaint', async () => {
    const [one, two] = [system.spawn(bond), crowds[0] as Bond];
    await one.ask('subscribe', topic);
    await two.ask('subscribe', topic);
    const before = (await two.ask('heard', null)).length;
    await two.ask('unsubscribe', topic);
    await one.ask('leave', 'normal');
    await assert.rejects(one.ask('ping', null), { code: 'MF601' });
    const letters = system.motherboard.deadLetters.all().length;
    const to = publisher();
    for (const n of numbers(10)) await to.publish(n);
    await new Promise((resolve) => setTimeout(resolve, 50));
    assert.equal((await two.ask('heard', null)).length, before);
    assert.equal(system.motherboard.deadLetters.all().length, letters);
  });

  it('find the subscribers of a thread that has come back', async () => {
    const one = await system.start<BondProtocol>({
      id: `back-${topics}`,
      module,
      placement: { kind: 'thread' },
    });
    await one.ask('subscribe', topic);
    const to = publisher();
    await to.publish('before');
    await until('it has come', async () => (await one.ask('heard', null)).length === 1);
    await one.ask('leave', 'thread');
    await until('it is back', async () => (await one.ask('ping', null)) === 2);
    await to.publish('nobody hears this');
    await one.ask('subscribe', topic);
    await to.publish('after');
    await until('it has come', async () => (await one.ask('heard', null)).length > 0);
    assert.deepEqual(await one.ask('heard', null), ['after']);
  });

  for (const by of ['handler', 'method'] as const) {
    it(`make the publisher wait for a slow subscriber whose mailbox waits (${by})`, async () => {
      const seen: number[] = [];
      const slow = system.spawn(slowActor(topic, { limit: 10, overflow: 'wait' }, seen, by));
      await slow.ask('ping', null);
      const to = publisher();
      let waited = 0;
      for (const n of numbers(1_300)) {
        const room = to.publish(n);
        if (room === undefined) continue;
        waited += 1;
        await room;
        // The window is 1,024: as many may be on their way.
        assert.ok(n - seen.length <= 1_025, `${n} were published and ${seen.length} taken`);
      }
      assert.ok(waited > 100, `it waited ${waited} times`);
      await until('all have come', () => seen.length === 1_300, 15_000);
      assert.deepEqual(seen, numbers(1_300));
    });

    it(`drop what a full mailbox does not take, as its policy says, into the dead letters (${by})`, async () => {
      for (const [overflow, kept] of [
        ['drop-newest', numbers(5)],
        ['drop-oldest', numbers(5, 45)],
      ] as const) {
        const seen: number[] = [];
        const name = `${topic}-${overflow}`;
        const slow = system.spawn(slowActor(name, { limit: 5, overflow }, seen, by));
        await slow.ask('ping', null);
        const count = () => system.motherboard.deadLetters.counts().get('mailbox-full') ?? 0;
        const before = count();
        const to = publisher(name);
        for (const n of numbers(50)) assert.equal(to.publish(n), undefined);
        await until('what was kept has run', () => seen.length === 5);
        await until('the others are counted', () => count() - before === 45);
        assert.deepEqual(seen, kept);
      }
    });
  }

  it('name a message that cannot be copied, and go on', async () => {
    const one = crowds[1] as Bond;
    await one.ask('subscribe', topic);
    const before = (await one.ask('heard', null)).length;
    const count = () => system.motherboard.deadLetters.counts().get('not-cloneable') ?? 0;
    const letters = count();
    const to = publisher();
    void to.publish(() => {});
    void to.publish('fine');
    await until('the other one has come', async () => (await one.ask('heard', null)).length === before + 1);
    await until('the letter is there', () => count() === letters + 1);
  });
});
