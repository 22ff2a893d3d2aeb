import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { MemoryStorageProtocol } from './fixtures/memory-storage.actor.ts';
import type { ReaderArgs, ReaderProtocol } from './fixtures/reader.actor.ts';
import { bootMachine, echo, fixture, type Machine } from './support/machine.ts';
import { until } from './support/until.ts';

const thread = { kind: 'thread' } as const;
const projects = (count: number, first = 0) =>
  Array.from({ length: count }, (_, index) => `p${first + index}`);

describe('durable subscribers', () => {
  let machine: Machine;
  let storage: ActorRef<MemoryStorageProtocol>;
  let speaker: ActorRef<ReaderProtocol>;
  let reader: ActorRef<ReaderProtocol>;

  async function boot(args: ReaderArgs = {}): Promise<void> {
    machine = await bootMachine([
      { id: 'storage', module: fixture('memory-storage.actor'), placement: thread },
      echo('witness'),
      { id: 'speaker', module: fixture('reader.actor'), placement: thread },
      {
        id: 'reader',
        module: fixture('reader.actor'),
        placement: thread,
        args: { durable: true, ...args },
        requires: ['storage'],
      },
    ]);
    storage = machine.ref('storage');
    speaker = machine.ref('speaker');
    reader = machine.ref('reader');
  }
  afterEach(() => machine.close());

  async function heard(count: number, ref = reader): Promise<readonly string[]> {
    await until(`${count} events`, async () => (await ref.ask('heard', null)).length >= count, 10_000);
    return ref.ask('heard', null);
  }

  it('hear every event once and in order, with its id and time', async () => {
    await boot();
    await speaker.ask('announce', { projects: projects(250) });
    assert.deepEqual(await heard(250), projects(250));
    const deliveries = await reader.ask('deliveries', null);
    assert.equal(new Set(deliveries.map(({ id }) => id)).size, 250);
    assert.ok(deliveries.every(({ attempt, at }) => attempt === 1 && !Number.isNaN(Date.parse(at))));
  });

  it('get what was announced while they were away', async () => {
    await boot();
    await speaker.ask('announce', { projects: ['before'] });
    await heard(1);
    await reader.ask('pause', null);
    await speaker.ask('announce', { projects: ['away 1', 'away 2'] });
    await until('the outbox has them', async () => ((await storage.ask('calls', null))['put'] ?? 0) >= 2);
    await machine.motherboard.restart('reader');
    assert.deepEqual(await heard(2), ['away 1', 'away 2']);
  });

  it('get an event again whose handler died with its thread, and go on from there', async () => {
    await boot({ diesAt: 'p3', witness: '/witness' });
    await speaker.ask('announce', { projects: projects(6) });
    await until('the last one', async () => (await reader.ask('heard', null)).includes('p5'), 10_000);
    const seen = await machine.ref('witness').ask('seen', null);
    assert.equal(seen.filter((project) => project === 'p3').length, 2);
    assert.deepEqual([...new Set(seen)], projects(6));
  });

  it('get an event again when they fail, and the others meanwhile', async () => {
    await boot({ fails: { p1: 2 } });
    await speaker.ask('announce', { projects: projects(3) });
    assert.deepEqual([...(await heard(3))].sort(), projects(3));
    const deliveries = await reader.ask('deliveries', null);
    assert.deepEqual(deliveries.map(({ attempt }) => attempt).sort(), [1, 1, 3]);
  });

  it('lose an event to the dead letters after so many failures, from where it can be replayed', async () => {
    await boot({ fails: { p1: 2 }, attempts: 2 });
    await speaker.ask('announce', { projects: projects(3) });
    const { deadLetterOffice, deadLetters } = machine.motherboard;
    await until('a dead letter', async () =>
      (await deadLetterOffice.list(10)).some(({ id }) => id.startsWith('e-')),
    );
    const letter = (await deadLetterOffice.list(10)).find(({ id }) => id.startsWith('e-'));
    assert.equal(letter?.reason, 'undelivered');
    assert.equal(letter?.to, '/reader#project.created');
    assert.match(letter?.detail ?? '', /^2 attempts, the last: MF699: cannot take p1$/);
    await until('it is counted', () => deadLetters.counts().get('undelivered') === 1);
    // Attempts start anew, so this one, too, fails twice.
    assert.deepEqual(await deadLetterOffice.replay(letter?.id ?? ''), {
      id: letter?.id,
      outcome: 'delivering',
    });
    await until('it is back', async () => deadLetters.counts().get('undelivered') === 2);
    await assert.rejects(deadLetterOffice.replay('e-none'), { code: 'MF634' });
    assert.ok((await deadLetterOffice.clear()).removed >= 1);
    assert.deepEqual(await deadLetterOffice.list(10), []);
  });

  it('are not run again when only their acknowledgement was lost', async () => {
    await boot();
    await storage.ask('fail', { method: 'acknowledge', times: 2 });
    await speaker.ask('announce', { projects: projects(3) });
    await heard(3);
    await until(
      'it is acknowledged',
      async () => ((await storage.ask('calls', null))['acknowledge'] ?? 0) >= 3,
      15_000,
    );
    assert.deepEqual(await reader.ask('heard', null), projects(3));
  });

  it('get each event once when the outbox took it without saying so', async () => {
    await boot();
    await storage.ask('fail', { method: 'put', times: 1, done: true });
    await speaker.ask('announce', { projects: projects(3) });
    assert.deepEqual(await heard(3), projects(3));
    await speaker.ask('announce', { projects: ['last'] });
    assert.deepEqual(await heard(4), [...projects(3), 'last']);
  });

  it('get everything when the database was away for a while', async () => {
    await boot();
    await storage.ask('down', { down: true });
    await speaker.ask('announce', { projects: projects(20) });
    await new Promise((resolve) => setTimeout(resolve, 300));
    assert.deepEqual(await reader.ask('heard', null), []);
    await storage.ask('down', { down: false });
    assert.deepEqual(await heard(20), projects(20));
  });

  it('hear nothing more when they have left for good, also after a restart', async () => {
    await boot();
    await speaker.ask('announce', { projects: ['before'] });
    await heard(1);
    await reader.ask('forget', null);
    await speaker.ask('announce', { projects: ['after'] });
    await until('the outbox was asked', async () => ((await storage.ask('calls', null))['put'] ?? 0) >= 2);
    await machine.motherboard.restart('reader');
    await speaker.ask('announce', { projects: ['again'] });
    assert.deepEqual(await heard(1), ['again']);
  });
});
