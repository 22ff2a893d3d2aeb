import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import type { FrontProtocol } from './fixtures/front.actor.ts';
import type { OwnerProtocol } from './fixtures/owner.actor.ts';
import { bootMachine, echo, fixture, type Machine, makeMachine } from './support/machine.ts';
import { until } from './support/until.ts';

const owner = (more: Partial<ChildSpec> = {}): ChildSpec => ({
  id: 'owner',
  module: fixture('owner.actor'),
  placement: { kind: 'thread' },
  ...more,
});
const front = (id: string, replicaArgs?: unknown): ChildSpec => ({
  id,
  module: fixture('front.actor'),
  placement: { kind: 'thread' },
  requires: ['owner'],
  replicas: [{ name: 'owner', module: fixture('owner.replica'), args: replicaArgs }],
});

describe('a replica', () => {
  let machine: Machine;
  let source: ActorRef<OwnerProtocol>;
  let copies: ActorRef<FrontProtocol>[];

  beforeEach(async () => {
    machine = await bootMachine([owner(), front('front-0'), front('front-1')]);
    source = machine.ref('owner');
    copies = [machine.ref('front-0'), machine.ref('front-1')];
  });
  afterEach(() => machine.close());

  const everywhere = (key: string) => Promise.all(copies.map((copy) => copy.ask('get', key)));

  it('has its first state before the actor of its thread begins', async () => {
    for (const copy of copies) assert.equal(await copy.ask('readyAt', null), 1);
  });

  it('has an acknowledged change before the owner answers', async () => {
    for (let round = 0; round < 50; round++) {
      await source.ask('set', { key: 'a', value: round });
      assert.deepEqual(await everywhere('a'), [round, round]);
    }
  });

  it('applies changes one after the other in the order of the owner, slow ones too', async () => {
    await source.ask('hurry', { key: 'a', value: 'slow:40' });
    await source.ask('hurry', { key: 'b', value: 1 });
    await source.ask('set', { key: 'c', value: 2 });
    for (const copy of copies) {
      assert.deepEqual((await copy.ask('history', null)).slice(-3), ['a=slow:40', 'b=1', 'c=2']);
    }
  });

  it('serves its last state while the owner is down, and takes over the new one before the owner answers', async () => {
    await source.ask('set', { key: 'a', value: 'before' });
    void source.ask('die', null).catch(() => {});
    await until('owner down', async () => (await machine.motherboard.status())[0]?.state === 'restarting');
    assert.deepEqual(await everywhere('a'), ['before', 'before']);
    // Waits for the new incarnation, which begins only when both replicas have its state.
    assert.equal(await source.ask('get', 'incarnation'), 2);
    assert.deepEqual(await everywhere('incarnation'), [2, 2]);
    assert.deepEqual(await everywhere('a'), [undefined, undefined]);
    await source.ask('set', { key: 'a', value: 'after' });
    assert.deepEqual(await everywhere('a'), ['after', 'after']);
  });

  it('that dies is not waited for, and comes back with the whole state', async () => {
    await source.ask('set', { key: 'a', value: 1 });
    void copies[0]?.ask('die', null).catch(() => {});
    for (let round = 2; round < 20; round++) await source.ask('set', { key: 'a', value: round });
    assert.deepEqual(await everywhere('a'), [19, 19]);
    await source.ask('set', { key: 'a', value: 'all' });
    assert.deepEqual(await everywhere('a'), ['all', 'all']);
  });

  it('that does not acknowledge in time loses its thread; the publish then resolves and nobody lacks it', async () => {
    await source.ask('hurry', { key: 'x', value: 'stuck' });
    const took = await source.ask('set', { key: 'revoked', value: true, timeoutMs: 100 });
    assert.ok(took >= 90, `resolved after ${took} ms`);
    assert.deepEqual(await everywhere('revoked'), [true, true]);
    const states = await machine.motherboard.status();
    assert.deepEqual(
      states.slice(1).map(({ incarnation, lastError }) => [incarnation, lastError]),
      [0, 1].map(() => [2, 'its replica of owner did not acknowledge in time']),
    );
  });

  it('that cannot apply a change ends its thread and starts again from a snapshot', async () => {
    await source.ask('hurry', { key: 'x', value: 'broken' });
    await until('both back', async () =>
      (await machine.motherboard.status())
        .slice(1)
        .every(({ state, incarnation }) => state === 'ready' && incarnation > 1),
    );
    await source.ask('set', { key: 'a', value: 'fine' });
    assert.deepEqual(await everywhere('a'), ['fine', 'fine']);
  });
});

describe('a replica that joins', () => {
  it('misses no change that is made while its snapshot is taken', async () => {
    const machine = await bootMachine([owner({ args: { slowSnapshotMs: 60 } })]);
    const source = machine.ref<OwnerProtocol>('owner');
    let stop = false;
    let last = -1;
    const writer = (async () => {
      for (let round = 0; !stop; round++) {
        await source.ask('hurry', { key: 'a', value: round });
        last = round;
      }
    })();
    await machine.motherboard.register(front('front-0'));
    stop = true;
    await writer;
    await source.ask('set', { key: 'end', value: true });
    assert.ok(last > 0);
    assert.equal(await machine.ref<FrontProtocol>('front-0').ask('get', 'a'), last);
    await machine.close();
  });

  it('whose init fails keeps its thread from starting, with the reason', async () => {
    const machine = makeMachine([owner(), front('front-0', { failInit: true })]);
    await assert.rejects(machine.motherboard.boot(), /front-0 did not start: replica init fails/);
    await machine.close();
  });

  it('of an owner without snapshot is refused with the reason', async () => {
    const machine = makeMachine([echo('owner'), front('front-0')]);
    await assert.rejects(machine.motherboard.boot(), /owner has replicas but its definition has no snapshot/);
    await machine.close();
  });

  it('is not to be had in a thread that does not carry it', async () => {
    const spec: ChildSpec = { ...front('front-0') };
    const { replicas: _none, ...without } = spec;
    const machine = makeMachine([owner(), without]);
    await assert.rejects(machine.motherboard.boot(), /thread front-0 carries no replica of owner/);
    await machine.close();
  });
});
