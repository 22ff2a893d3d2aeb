import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import { type DoorProtocol, doorActor } from './fixtures/door.ts';
import type { HouseProtocol } from './fixtures/house.actor.ts';
import { fixture } from './support/machine.ts';

describe('spawned actors', () => {
  let system: ActorSystem;
  before(async () => {
    system = await createActorSystem();
  });
  after(() => system.stop());

  const door = (name?: string) =>
    system.spawn(doorActor, name === undefined ? undefined : { name, args: undefined });

  it('answer asks, and errors of the catalogue leave them alive', async () => {
    const one = door();
    assert.equal(await one.ask('open', 'key'), 'open');
    await assert.rejects(one.ask('fail', 'known'), { code: 'MF610' });
    assert.equal(await one.ask('enter', 'Ada'), 'welcome Ada');
  });

  it('put messages aside until a state in which they can be run, in order', async () => {
    const one = door();
    const guests = ['a', 'b', 'c'].map((who) => one.ask('enter', who));
    assert.equal(await one.ask('open', 'key'), 'open');
    assert.deepEqual(await Promise.all(guests), ['welcome a', 'welcome b', 'welcome c']);
    assert.equal(await one.ask('close', null), 'closed');
    const late = one.ask('enter', 'd', { timeoutMs: 50 });
    await assert.rejects(late, { code: 'MF602' });
  });

  it('refuse what their stash has no room for', async () => {
    const one = door();
    const asks = ['a', 'b', 'c', 'd'].map((who) => one.ask('enter', who));
    await assert.rejects(asks[3] as Promise<string>, { code: 'MF603' });
    await one.ask('open', 'key');
    assert.equal(await asks[2], 'welcome c');
  });

  it('run what a promise brought between their messages, success and failure', async () => {
    const one = door();
    await one.ask('fetch', 1);
    await one.ask('fetch', 20);
    await new Promise((resolve) => setTimeout(resolve, 60));
    assert.deepEqual(await one.ask('piped', null), ['data', 'Error: late']);
  });

  it('hear once that no message has come for a time', async () => {
    const one = door();
    await one.ask('quietAfter', 30);
    for (let beat = 0; beat < 5; beat++) {
      await new Promise((resolve) => setTimeout(resolve, 10));
      assert.equal(await one.ask('quiet', null), 0);
    }
    await new Promise((resolve) => setTimeout(resolve, 150));
    assert.equal(await one.ask('quiet', null), 1);
  });

  const exits = [
    ['normal', (one: ActorRef<DoorProtocol>) => one.ask('leave', 'normal')],
    ['shutdown', (one: ActorRef<DoorProtocol>) => one.ask('leave', 'shutdown')],
    ['crash', (one: ActorRef<DoorProtocol>) => one.ask('leave', 'crash')],
    [
      'a defect where it declares onFailure crash',
      (one: ActorRef<DoorProtocol>) => one.ask('fail', 'defect').catch(() => {}),
    ],
  ] as const;
  for (const [name, leave] of exits) {
    it(`end after the message that ends them (${name}); what waits is answered MF601`, async () => {
      const one = door();
      const waiting = [leave(one), one.ask('open', 'a'), one.ask('enter', 'b')];
      await waiting[0];
      await assert.rejects(waiting[1] as Promise<unknown>, { code: 'MF601' });
      await assert.rejects(waiting[2] as Promise<unknown>, { code: 'MF601' });
      await assert.rejects(one.ask('open', 'a'), { code: 'MF601' });
    });
  }

  it('refuse a name that is taken, and one that is none', () => {
    door('front');
    assert.throws(() => door('front'), /has a child front already/);
    assert.throws(() => door('Front Door'), { code: 'MF608' });
  });

  it('end with their parent, the last one first', async () => {
    const stops: string[] = [];
    const parent = defineActor<null, { go(request: null): void }>({
      name: 'parent',
      version: '1',
      init(context) {
        for (const name of ['one', 'two', 'three']) context.spawn(doorActor, { name, args: { stops } });
        return null;
      },
      methods: { go: () => {} },
    });
    const own = await createActorSystem();
    await own.spawn(parent, { name: 'parent' }).ask('go', null);
    await own.stop();
    assert.deepEqual(
      stops.map((path) => path.split('/').at(-1)),
      ['three', 'two', 'one'],
    );
  });

  it('do not start when init fails, at once or later', async () => {
    const failing = (init: () => null | Promise<null>) =>
      defineActor<null, { go(request: null): void }>({
        name: 'failing',
        version: '1',
        init,
        methods: { go: () => {} },
      });
    assert.throws(() =>
      system.spawn(
        failing(() => {
          throw new Error('no disk');
        }),
      ),
    );
    const late = system.spawn(failing(() => Promise.reject(new Error('no disk'))));
    await assert.rejects(late.ask('go', null), { code: 'MF601', message: /no disk/ });
  });

  it('are reached by path from every thread, and refused when there are none', async () => {
    const module = fixture('house.actor');
    const one = await system.start<HouseProtocol>({ id: 'one', module, placement: { kind: 'thread' } });
    const two = await system.start<HouseProtocol>({ id: 'two', module, placement: { kind: 'thread' } });
    assert.equal(await one.ask('build', 'front'), '/one/front');
    assert.equal(await two.ask('knock', { path: '/one/front', who: 'Bob' }), 'welcome Bob');
    assert.equal(await system.ref<DoorProtocol>('/one/front').ask('enter', 'Eve'), 'welcome Eve');
    await one.ask('raze', 'front');
    await assert.rejects(two.ask('knock', { path: '/one/front', who: 'Bob' }), { code: 'MF604' });
    await assert.rejects(two.ask('knock', { path: '/one/back', who: 'Bob' }), { code: 'MF604' });
    const kept = system.ref<DoorProtocol>('/one/front');
    await assert.rejects(kept.ask('enter', 'Eve'), { code: 'MF604' });
    assert.equal(await one.ask('build', 'front'), '/one/front');
    assert.equal(await two.ask('knock', { path: '/one/front', who: 'Bob' }), 'welcome Bob');
    assert.equal(await kept.ask('enter', 'Eve'), 'welcome Eve');
  });

  it('take turns: a busy one does not keep another, or a timer, waiting', async () => {
    const order: string[] = [];
    const noter = (name: string) =>
      defineActor<null, { note(n: number): void }>({
        name,
        version: '1',
        init: () => null,
        methods: {
          note(_state, n) {
            order.push(`${name}${n}`);
          },
        },
      });
    const busy = system.spawn(noter('busy'));
    const other = system.spawn(noter('other'));
    setImmediate(() => order.push('timer'));
    for (let n = 0; n < 9_000; n++) busy.tell('note', n);
    other.tell('note', 0);
    await busy.ask('note', 9_000);
    assert.ok(order.indexOf('other0') < 500, `other ran after ${order.indexOf('other0')} of busy`);
    assert.ok(order.indexOf('timer') < 6_000, `the event loop came after ${order.indexOf('timer')}`);
  });
});
