import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import { DeadLetterPost, type PostedLetters } from '../../runtime/bus/dead-letter-post.ts';
import { DeadLetters } from '../../runtime/bus/dead-letters.ts';
import { DurableEvents } from '../../runtime/bus/durable-events.ts';
import { EventHub } from '../../runtime/bus/event-hub.ts';
import { Flow } from '../../runtime/bus/flow.ts';
import { type EventBatch, ThreadEvents } from '../../runtime/bus/thread-events.ts';
import { MemoryOutboxStore } from '../../runtime/testing/memory-outbox-store.ts';
import { StoreFaults } from '../../runtime/testing/store-faults.ts';
import { silentLog } from '../support/test-cluster.ts';
import type { ReaderProtocol } from './fixtures/reader.actor.ts';
import { bootMachine, fixture, type Machine } from './support/machine.ts';
import { until } from './support/until.ts';

const flow = (limit: number) => new Flow(new SharedArrayBuffer(4), 0, limit);
const endOfTick = () => new Promise((resolve) => setImmediate(resolve));
const letter = (method: string) =>
  ({ at: '', to: 'x', from: 'y', method, reason: 'failed', detail: '' }) as const;

describe('event handlers of an actor', () => {
  let machine: Machine;
  let speaker: ActorRef<ReaderProtocol>;
  let reader: ActorRef<ReaderProtocol>;

  before(async () => {
    const spec = { module: fixture('reader.actor'), placement: { kind: 'thread' } } as const;
    machine = await bootMachine([
      { id: 'speaker', ...spec },
      { id: 'reader', ...spec },
      { id: 'slow-reader', ...spec },
    ]);
    speaker = machine.ref('speaker');
    reader = machine.ref('reader');
    await reader.ask('listen', null);
  });
  after(() => machine.close());

  it('run between its messages, never in the midst of one', async () => {
    const during = reader.ask('slowly', { ms: 150 });
    await speaker.ask('announce', { projects: ['meanwhile'] });
    assert.deepEqual(await during, []);
    await until('heard', async () => (await reader.ask('heard', null)).includes('meanwhile'));
  });

  it('keep its messages waiting while they await', async () => {
    const slow = machine.ref<ReaderProtocol>('slow-reader');
    await slow.ask('listenSlowly', { ms: 50 });
    await speaker.ask('announce', { projects: ['one', 'two'] });
    const seen = new Set<string>();
    await until('all heard', async () => {
      const heard = await slow.ask('heard', null);
      seen.add(heard.join());
      return heard.length === 4;
    });
    const all = 'one begins,one ends,two begins,two ends';
    assert.deepEqual(
      [...seen].filter((heard) => !['', 'one begins,one ends', all].includes(heard)),
      [],
    );
  });
});

describe('the bus between threads that are stuck', () => {
  it('counts what is on its way in both directions, over the end of the counter', () => {
    const shared = new SharedArrayBuffer(4);
    const sender = new Flow(shared, 0, 2);
    const receiver = new Flow(shared, 0, 2);
    new Int32Array(shared)[0] = 2 ** 31 - 1;
    sender.sent(2 ** 31 - 1);
    sender.sent(2);
    assert.equal(sender.full, true);
    receiver.taken();
    assert.equal(sender.full, false);
  });

  it('takes no more events than fit, tells of the first that is lost and counts the others', async () => {
    const sent: EventBatch[] = [];
    const lost: string[] = [];
    let missed = 0;
    const toHub = flow(3);
    const events = new ThreadEvents({
      emit: (batch) => sent.push(batch),
      interested() {},
      lost: (name, reason) => lost.push(`${name} ${reason}`),
      missed: () => {
        missed += 1;
      },
      flows: { toHub, toThread: flow(1) },
    });
    const { port } = events.port({ path: '/x', failed() {} });
    for (let count = 0; count < 10; count++) port.emit('project.created', { project: 'p' });
    await endOfTick();
    assert.equal(sent.flat().length, 6);
    assert.deepEqual(lost, ['project.created bus-full']);
    assert.equal(missed, 6);
    toHub.taken(3);
    port.emit('project.created', { project: 'p' });
    await endOfTick();
    assert.equal(sent.flat().length, 8);
  });

  it('keeps no more events for a thread that takes none than fit', async () => {
    const behind: string[] = [];
    const hub = new EventHub((thread, name, first) => behind.push(`${thread} ${name} ${first}`));
    const delivered: EventBatch[] = [];
    const toThread = flow(2);
    hub.addThread('stuck', (batch) => void delivered.push(batch), toThread);
    hub.interest('stuck', 'x', true);
    for (let count = 0; count < 4; count++) hub.emit(['x', count]);
    await endOfTick();
    assert.deepEqual(delivered.flat(), ['x', 0, 'x', 1]);
    assert.deepEqual(behind, ['stuck x true', 'stuck x false']);
    toThread.taken(2);
    hub.emit(['x', 4]);
    await endOfTick();
    assert.deepEqual(delivered.flat().at(-1), 4);
  });

  it('keeps no more events for an actor that is busy than fit', () => {
    const jobs: (() => void)[] = [];
    const lost: string[] = [];
    let missed = 0;
    const events = new ThreadEvents({
      emit() {},
      interested() {},
      lost: (_name, reason) => lost.push(reason),
      missed: () => {
        missed += 1;
      },
    });
    const { port, close } = events.port({ path: '/x', failed() {}, run: (job) => void jobs.push(job) });
    let ran = 0;
    port.on('project.created', () => {
      ran += 1;
    });
    events.deliver(Array.from({ length: 10_005 }, () => ['project.created', { project: 'p' }]).flat());
    assert.equal(jobs.length, 10_000);
    assert.deepEqual(lost, ['subscriber-behind']);
    assert.equal(missed, 4);
    jobs[0]?.();
    close();
    jobs[1]?.();
    assert.equal(ran, 1, 'not after its incarnation has ended');
  });

  it('keeps no more events for a database that is away than fit', async () => {
    const faults = new StoreFaults();
    const outbox = faults.wrap(new MemoryOutboxStore());
    await outbox.subscribe({ subscriber: 's', event: 'x' });
    const letters = new DeadLetters();
    const durable = new DurableEvents({
      store: outbox,
      log: silentLog,
      deadLetter: (one) => letters.add(one),
      missed: (reason, count) => letters.count(reason, count),
      filled() {},
    });
    durable.start();
    await endOfTick();
    faults.fail('put', { times: 1_000_000 });
    for (let count = 0; count < 10_010; count++) durable.add('x', { count });
    assert.equal(durable.waiting, 10_000);
    assert.equal(letters.counts().get('outbox-full'), 10);
    assert.equal(letters.all().length, 1);
    await durable.close(20);
    assert.equal(letters.counts().get('outbox-full'), 10_010);
  });
});

describe('dead letters on their way', () => {
  it('are bounded, the surplus is counted and told later', () => {
    const posted: PostedLetters[] = [];
    const letters = flow(2);
    const post = new DeadLetterPost((message) => void posted.push(message), letters);
    for (const method of ['a', 'b', 'c', 'd']) post.add(letter(method));
    assert.equal(posted.length, 2);
    letters.taken(2);
    post.flush();
    assert.deepEqual(posted[2], { kind: 'dead-letters-lost', counts: [['failed', 2]] });
  });

  it('go without what they held when that is large or cannot be copied', () => {
    const posted: PostedLetters[] = [];
    const post = new DeadLetterPost((message) => {
      posted.push(structuredClone(message));
    }, flow(9));
    const content = { asked: false, id: undefined };
    post.add(letter('small'), { ...content, payload: 1 });
    post.add(letter('function'), { ...content, payload: () => {} });
    post.add(letter('large'), { ...content, payload: new Uint8Array(300_000) });
    assert.deepEqual(
      posted.map((message) => message.kind === 'dead-letter' && message.content?.payload),
      [1, undefined, undefined],
    );
  });

  it('are kept within bytes as well, and one large one does not push the others out', () => {
    const letters = new DeadLetters({ bytes: 100_000 });
    const content = { asked: false, id: undefined };
    for (let count = 0; count < 50; count++) {
      letters.add(letter(`m${count}`), { ...content, payload: new Uint8Array(5_000) });
    }
    assert.ok(letters.all().length < 20);
    letters.add(letter('large'), { ...content, payload: new Uint8Array(50_000) });
    assert.ok(letters.all().length > 10);
    assert.equal(letters.all().at(-1)?.replayable, false);
    assert.equal(letters.counts().get('failed'), 51);
  });

  it('show nothing of what they held', () => {
    const letters = new DeadLetters();
    letters.add(letter('login'), { asked: true, id: undefined, payload: { password: 'hunter2' } });
    assert.ok(!JSON.stringify(letters.all()).includes('hunter2'));
  });
});
