import assert from 'node:assert/strict';
import fc from 'fast-check';
import { Compile } from 'typebox/compile';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { checkEvent } from '../../runtime/bus/check-event.ts';
import { DeadLetters } from '../../runtime/bus/dead-letters.ts';
import { type EventName, eventCatalog } from '../../runtime/bus/event-catalog.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { AnnouncerProtocol } from './fixtures/announcer.actor.ts';
import { bootMachine, fixture, type Machine } from './support/machine.ts';
import { until } from './support/until.ts';

describe('event bus', () => {
  let machine: Machine;
  let speaker: ActorRef<AnnouncerProtocol>;
  let listener: ActorRef<AnnouncerProtocol>;

  beforeEach(async () => {
    const spec = { module: fixture('announcer.actor'), placement: { kind: 'thread' } } as const;
    machine = await bootMachine([
      { id: 'speaker', ...spec },
      { id: 'listener', ...spec },
    ]);
    speaker = machine.ref('speaker');
    listener = machine.ref('listener');
  });
  afterEach(() => machine.close());

  const heard = async (ref: ActorRef<AnnouncerProtocol>, count: number) => {
    await until(`${count} events`, async () => (await ref.ask('heard', null)).length >= count);
    return ref.ask('heard', null);
  };

  it('reaches subscribers of other threads, of the same thread and of the main thread, in order', async () => {
    const main: string[] = [];
    const end = machine.motherboard.events.on(
      'project.created',
      ({ project }) => void main.push(`x ${project}`),
    );
    await listener.ask('listen', { priority: 0, label: 'x' });
    await speaker.ask('listen', { priority: 0, label: 'x' });
    await speaker.ask('announce', { count: 50 });
    const expected = Array.from({ length: 50 }, (_, index) => `x p${index}`);
    assert.deepEqual(await heard(listener, 50), expected);
    assert.deepEqual(await heard(speaker, 50), expected);
    await until('main heard', () => main.length === 50);
    assert.deepEqual(main, expected);
    end();
  });

  it('runs handlers of higher priority first, equal ones in order of subscription', async () => {
    await listener.ask('listen', { priority: 0, label: 'first' });
    await listener.ask('listen', { priority: 10, label: 'high' });
    await listener.ask('listen', { priority: 0, label: 'second' });
    await listener.ask('listen', { priority: -1, label: 'low' });
    await speaker.ask('announce', { count: 1 });
    assert.deepEqual(await heard(listener, 4), ['high p0', 'first p0', 'second p0', 'low p0']);
  });

  for (const fails of ['throw', 'reject'] as const) {
    it(`a handler that ${fails}s does not stop the others, and is a dead letter`, async () => {
      await listener.ask('listen', { priority: 10, label: 'bad', fails });
      await listener.ask('listen', { priority: 0, label: 'good' });
      await speaker.ask('announce', { count: 2 });
      assert.deepEqual(await heard(listener, 4), ['bad p0', 'good p0', 'bad p1', 'good p1']);
      await until('dead letters', () => machine.motherboard.deadLetters.all().length === 2);
      assert.equal(machine.motherboard.deadLetters.all()[0]?.reason, 'subscriber-failed');
    });
  }

  it('an event that does not fit its schema reaches nobody and does not fail its sender', async () => {
    await listener.ask('listen', { priority: 0, label: 'x' });
    await speaker.ask('announce', { count: 1, payload: { project: 7 } });
    await speaker.ask('announce', { count: 1 });
    assert.deepEqual(await heard(listener, 1), ['x p0']);
    const [letter] = machine.motherboard.deadLetters.all();
    assert.equal(letter?.reason, 'invalid-event');
    assert.match(letter?.detail ?? '', /event project\.created: project must be a string/);
  });

  it('a subscription that has ended hears nothing more', async () => {
    await listener.ask('listen', { priority: 0, label: 'x' });
    await speaker.ask('announce', { count: 1 });
    await heard(listener, 1);
    await listener.ask('unlisten', null);
    await speaker.ask('announce', { count: 3 });
    await speaker.ask('listen', { priority: 0, label: 'y' });
    await speaker.ask('announce', { count: 1 });
    await heard(speaker, 1);
    assert.equal((await listener.ask('heard', null)).length, 1);
  });

  it('a restarted part does not hear with the ears of its former life', async () => {
    await listener.ask('listen', { priority: 0, label: 'x' });
    await machine.motherboard.restart('listener');
    await listener.ask('listen', { priority: 0, label: 'new' });
    await speaker.ask('announce', { count: 1 });
    assert.deepEqual(await heard(listener, 1), ['new p0']);
  });
});

describe('event schemas', () => {
  it('are judged as TypeBox judges them', () => {
    const value = fc.oneof(
      fc.string(),
      fc.double(),
      fc.integer(),
      fc.boolean(),
      fc.constant(null),
      fc.constant(undefined),
    );
    for (const name of Object.keys(eventCatalog) as EventName[]) {
      const schema = eventCatalog[name];
      const validator = Compile(schema);
      const fields = Object.fromEntries(Object.keys(schema.properties).map((field) => [field, value]));
      const fitting = Object.fromEntries(
        Object.entries(schema.properties).map(([field, { type }]) => [
          field,
          type === 'string' ? fc.string() : type === 'number' ? fc.integer() : fc.boolean(),
        ]),
      );
      const payload = fc.oneof(
        fc.record(fitting),
        fc.record(fields, { requiredKeys: [] }),
        value,
        fc.array(value),
      );
      fc.assert(
        fc.property(payload, (candidate) => {
          let fits = true;
          try {
            checkEvent(name, candidate);
          } catch {
            fits = false;
          }
          return fits === validator.Check(candidate);
        }),
        { numRuns: 50 },
      );
    }
  });

  it('refuse an event that is not in the catalogue (MF612)', () => {
    for (const name of ['no.such.event', 'toString', '__proto__']) {
      assert.throws(
        () => checkEvent(name, {}),
        (error: MagFlockError) => error.code === 'MF612' && error.message.includes(name),
      );
    }
  });
});

describe('dead letters', () => {
  it('keep the last ones and count all, by reason', () => {
    const letters = new DeadLetters({ limit: 2 });
    for (const method of ['a', 'b', 'c']) {
      letters.add({ at: '', to: 'x', from: 'y', method, reason: 'failed', detail: '' });
    }
    assert.deepEqual(
      letters.all().map(({ method }) => method),
      ['b', 'c'],
    );
    assert.equal(letters.counts().get('failed'), 3);
  });
});
