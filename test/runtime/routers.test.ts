import assert from 'node:assert/strict';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import { HashRing } from '../../runtime/actor/hash-ring.ts';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import type { BondProtocol } from './fixtures/bond.actor.ts';
import { fixture } from './support/machine.ts';
import { until } from './support/until.ts';

interface WorkProtocol {
  /** Says who ran it. */
  work(request: { readonly key?: string; readonly forMs?: number }): string;
  leave(how: 'normal' | 'crash'): void;
}

const worker = defineActor<ActorContext, WorkProtocol>({
  name: 'worker',
  version: '1',
  init: (context) => context,
  methods: {
    async work(context, { forMs = 0 }) {
      if (forMs > 0) await new Promise((resolve) => setTimeout(resolve, forMs));
      return context.path;
    },
    leave: (context, how) => context.exit(how === 'crash' ? new Error('broken') : how),
  },
});

describe('routers', () => {
  let system: ActorSystem;
  before(async () => {
    system = await createActorSystem();
  });
  after(() => system.stop());

  /** The context of an actor of the main thread. */
  function owner(): ActorContext {
    let context: ActorContext | undefined;
    const definition = defineActor<null, { ping(request: null): void }>({
      name: 'owner',
      version: '1',
      init(its) {
        context = its;
        return null;
      },
      methods: { ping: () => {} },
    });
    system.spawn(definition);
    return context as unknown as ActorContext;
  }
  const counted = (names: readonly string[]) =>
    [...new Set(names)].map((name) => names.filter((each) => each === name).length);
  const times = <T>(count: number, one: (n: number) => Promise<T>) =>
    Promise.all(Array.from({ length: count }, (_, n) => one(n)));

  it('send round robin to each in turn', async () => {
    const router = owner().router({ definition: worker, size: 4 }, { strategy: 'round-robin' });
    const names = await times(40, () => router.ask('work', {}));
    assert.deepEqual(counted(names), [10, 10, 10, 10]);
    assert.deepEqual(names.slice(0, 4), names.slice(4, 8));
  });

  it('send to the one with the fewest messages, here and in another thread', async () => {
    const context = owner();
    const local = context.spawn(worker);
    const module = fixture('bond.actor');
    const far = await system.start<BondProtocol>({ id: 'far', module, placement: { kind: 'thread' } });
    for (const _ of [1, 2, 3]) void local.ask('work', { forMs: 20 });
    const mixed = context.router([local as never, far as ActorRef<BondProtocol>], {
      strategy: 'least-mailbox',
    });
    // Three wait for the local one: the next three go to the other.
    assert.deepEqual(await times(3, () => mixed.ask('ping', null)), [1, 1, 1]);

    const router = context.router({ definition: worker, size: 3 }, { strategy: 'least-mailbox' });
    const slow = router.ask('work', { forMs: 150 });
    const names: string[] = [];
    for (let n = 0; n < 10; n++) names.push(await router.ask('work', {}));
    assert.ok(!names.includes(await slow), 'the busy one got nothing more while others were free');
  });

  it('keep a key with one of them; few change hands when one comes or goes', async () => {
    const router = owner().router(
      { definition: worker, size: 8 },
      { strategy: 'consistent-hash', key: (_method, payload: { key?: string }) => payload.key ?? '' },
    );
    const where = () => times(500, (n) => router.ask('work', { key: `user-${n}` }));
    const first = await where();
    assert.deepEqual(await where(), first);
    for (const share of counted(first)) assert.ok(share > 20 && share < 130, `${share} of 500 at one of 8`);

    const gone = router.routees[3] as ActorRef<WorkProtocol>;
    router.remove(gone);
    const second = await where();
    for (const [n, name] of first.entries()) {
      if (name !== gone.path) assert.equal(second[n], name, 'only the keys of the one that went have moved');
    }
    router.add(owner().spawn(worker));
    const moved = (await where()).filter((name, n) => name !== second[n]).length;
    assert.ok(moved > 10 && moved < 130, `${moved} of 500 keys went to the one that came`);
  });

  it('spread keys evenly over a ring', () => {
    const ring = new HashRing(Array.from({ length: 10 }, (_, n) => [`/pool/${n}`, n] as const));
    const shares = new Array<number>(10).fill(0);
    for (let key = 0; key < 20_000; key++) {
      const at = ring.at(`key ${key}`) as number;
      shares[at] = (shares[at] as number) + 1;
    }
    for (const share of shares) assert.ok(share > 1_300 && share < 2_800, `${share} of 20,000 at one of 10`);
    assert.equal(new HashRing([]).at('any'), undefined);
  });

  it('ask all of them and gather what comes of it', async () => {
    const context = owner();
    const [one, two, three] = [context.spawn(worker), context.spawn(worker), context.spawn(worker)];
    const router = context.router([one, two, three], { strategy: 'broadcast' });
    const outcomes = await router.ask('work', {});
    assert.deepEqual(
      outcomes.map((outcome) => outcome.status === 'fulfilled' && outcome.value),
      [one, two, three].map(({ path }) => path),
    );
    const late = await router.ask('work', { forMs: 200 }, { timeoutMs: 20 });
    assert.deepEqual(
      late.map((outcome) => outcome.status === 'rejected' && (outcome.reason as { code: string }).code),
      ['MF602', 'MF602', 'MF602'],
    );
    router.tell('leave', 'normal');
    await until('all are out', () => router.routees.length === 0);
    assert.deepEqual(await router.ask('work', {}), []);
  });

  it('take out one that ends, and replace one of their own', async () => {
    const context = owner();
    const given = [context.spawn(worker), context.spawn(worker)];
    const router = context.router(given, { strategy: 'round-robin' });
    await given[0]?.ask('leave', 'crash');
    await until('it is out', () => router.routees.length === 1);
    assert.deepEqual(counted(await times(4, () => router.ask('work', {}))), [4]);
    router.tell('leave', 'normal');
    await until('both are out', () => router.routees.length === 0);
    await assert.rejects(router.ask('work', {}), { code: 'MF607' });
    const count = () => system.motherboard.deadLetters.counts().get('part-unavailable') ?? 0;
    const before = count();
    router.tell('work', {});
    assert.equal(count(), before + 1);

    const pool = context.router({ definition: worker, size: 3 }, { strategy: 'round-robin' });
    const former = pool.routees.map(({ path }) => path);
    await pool.ask('leave', 'crash');
    await until(
      'another one is there',
      () => pool.routees.length === 3 && pool.routees.some(({ path }) => !former.includes(path)),
    );
    assert.deepEqual(counted(await times(9, () => pool.ask('work', {}))), [3, 3, 3]);
  });

  it('end with their actor, and refuse a hash without a key', async () => {
    const context = owner();
    const router = context.router({ definition: worker, size: 3 }, { strategy: 'round-robin' });
    context.exit();
    await until('all have ended', async () => {
      const names = await times(3, () =>
        router.ask('work', {}).catch((error: { code: string }) => error.code),
      );
      return names.every((name) => name === 'MF601' || name === 'MF607');
    });
    assert.throws(() => owner().router([], { strategy: 'consistent-hash' }), { code: 'MF608' });
  });
});
