import assert from 'node:assert/strict';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { ActorCell } from '../../runtime/actor/actor-cell.ts';
import type { AnyActor } from '../../runtime/actor/any-actor.ts';
import { DeadlineQueue } from '../../runtime/actor/deadline-queue.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { Link, type LinkHost } from '../../runtime/port/link.ts';
import { Outgoing } from '../../runtime/port/outgoing.ts';
import { slots } from '../../runtime/port/wire-record.ts';
import { LoneHost, noContext } from './support/lone-host.ts';
import { until } from './support/until.ts';

/** One thread's end of a link, with an actor `echo` on it. */
async function makeEnd(thread: string, peer: string) {
  const cell = new ActorCell('echo', new LoneHost());
  const methods = { echo: (_state: unknown, value: unknown) => value };
  const definition = { name: 'echo', version: '1', init: () => null, methods } as unknown as AnyActor;
  await cell.start(definition, noContext, undefined);
  cell.open();
  const connects: string[] = [];
  const refused = new Set<string>();
  const host: LinkHost = {
    thread,
    cell: () => cell,
    connect: (to) => void connects.push(to),
    refusal: (target) => (refused.has(target) ? new MagFlockError('MF607', `${target} is gone`) : undefined),
    waits: () => false,
    deadLetter() {},
    onReplicaFrame() {},
    onWatchFrame() {},
    onTopic() {},
    onTopicTaken() {},
  };
  return { link: new Link(peer, host), cell, connects, refused };
}

const deadlines = new DeadlineQueue();
const address = {
  target: 'echo',
  from: '/test',
  signatures: new Map<string, number>(),
  connection: undefined,
};
const outgoing = (payload: unknown, timeoutMs = 2_000) =>
  new Outgoing(address, 'echo', payload, Date.now() + timeoutMs, undefined, deadlines);
const ask = (link: Link, payload: unknown, timeoutMs?: number) => {
  const message = outgoing(payload, timeoutMs);
  const promise = message.promise(undefined);
  link.send(message);
  return promise;
};

/** Connects two ends; counts what is posted on each. */
function connect(a: Link, b: Link, incarnation = 1) {
  const { port1, port2 } = new MessageChannel();
  const posts = { a: 0, b: 0 };
  const counted = (port: MessagePort, side: 'a' | 'b') => {
    const post = port.postMessage.bind(port);
    port.postMessage = (message: unknown) => {
      posts[side] += 1;
      post(message);
    };
    return port;
  };
  const [there, back] = [new SharedArrayBuffer(slots), new SharedArrayBuffer(slots)];
  a.attach({ port: counted(port1, 'a'), incarnation, sent: there, received: back });
  b.attach({ port: counted(port2, 'b'), incarnation, sent: back, received: there });
  return { posts, marks: new Uint8Array(there) };
}

describe('link between two threads', () => {
  let near: Awaited<ReturnType<typeof makeEnd>>;
  let far: Awaited<ReturnType<typeof makeEnd>>;
  beforeEach(async () => {
    near = await makeEnd('near', 'far');
    far = await makeEnd('far', 'near');
  });
  afterEach(() => {
    near.link.close();
    far.link.close();
    deadlines.close();
  });

  it('posts what a tick sends once, and the answers once', async () => {
    const { posts } = connect(near.link, far.link);
    const answers = await Promise.all(Array.from({ length: 100 }, (_, number) => ask(near.link, number)));
    assert.equal(answers.length, 100);
    assert.deepEqual(posts, { a: 1, b: 1 });
  });

  it('also collects what promises of the same tick send', async () => {
    const { posts } = connect(near.link, far.link);
    const chain = async (number: number) => {
      for (let hop = 0; hop < number; hop++) await null;
      return ask(near.link, number);
    };
    await Promise.all(Array.from({ length: 20 }, (_, number) => chain(number)));
    assert.equal(posts.a, 1);
  });

  it('begins to post a long batch before the tick ends', async () => {
    const { posts } = connect(near.link, far.link);
    await Promise.all(Array.from({ length: 5_000 }, (_, number) => ask(near.link, number)));
    assert.ok(posts.a > 5 && posts.a < 50, `${posts.a} posts`);
  });

  it('keeps messages until there is a connection, asks for one once, and sends them in order', async () => {
    const asks = [1, 2, 3].map((number) => ask(near.link, number));
    assert.deepEqual(near.connects, ['far']);
    connect(near.link, far.link);
    assert.deepEqual(await Promise.all(asks), [1, 2, 3]);
  });

  it('does not send what ended while it was kept', async () => {
    const late = ask(near.link, 'late', 10);
    await assert.rejects(late, (error: MagFlockError) => error.code === 'MF602');
    connect(near.link, far.link);
    assert.equal(await ask(near.link, 'next'), 'next');
    assert.equal(far.cell.handled, 1);
  });

  it('keeps a bounded number of messages and refuses the next (MF603)', async () => {
    const count = 50_000;
    let refused = 0;
    const asks = Array.from({ length: count + 10 }, (_, number) =>
      ask(near.link, number, 30_000).catch((error: MagFlockError) => {
        assert.equal(error.code, 'MF603');
        refused += 1;
      }),
    );
    await until('refusals', () => refused === 10);
    assert.equal(near.link.waiting, count);
    connect(near.link, far.link);
    // More than fit on the wire at once: slots are used again as answers come.
    await Promise.all(asks);
    assert.equal(far.cell.handled, count);
  }).timeout(30_000);

  it('bounds what it keeps by bytes as well', async () => {
    const big = 'x'.repeat(16 * 1024 * 1024);
    const asks = [1, 2, 3].map(() => ask(near.link, big).catch((error: MagFlockError) => error.code));
    connect(near.link, far.link);
    const outcomes = await Promise.all(asks);
    assert.deepEqual(
      outcomes.map((outcome) => (outcome === 'MF603' ? 'MF603' : 'ok')),
      ['ok', 'MF603', 'MF603'],
    );
  });

  it('refuses what waits for an actor that will not come back, and keeps the rest', async () => {
    const asked = ask(near.link, 1).catch((error: MagFlockError) => error.code);
    near.refused.add('echo');
    near.link.refuseUnreachable();
    assert.equal(await asked, 'MF607');
    assert.equal(near.link.waiting, 0);
  });

  it('gives slots of tells back when they are started, so that tells never run out of them', async () => {
    connect(near.link, far.link);
    const count = slots * 3;
    for (let number = 0; number < count; number++) {
      near.link.send(new Outgoing(address, 'echo', number, Number.POSITIVE_INFINITY, undefined, undefined));
      if (number % 4_000 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await until('all taken', () => far.cell.handled === count);
    assert.equal(near.link.waiting, 0);
  });

  it('takes answers that are still in the port of a dead peer, and sends the rest to the next', async () => {
    const { marks } = connect(near.link, far.link);
    const answered = await Promise.all([1, 2].map((number) => ask(near.link, number)));
    assert.deepEqual(answered, [1, 2]);
    assert.ok(marks.every((mark) => mark === 0));
    const asks = [3, 4].map((number) => ask(near.link, number));
    near.link.flush();
    // The peer is gone before it has read them.
    far.link.close();
    near.link.down(1);
    assert.equal(near.link.waiting, 2);
    const heir = await makeEnd('far', 'near');
    connect(near.link, heir.link, 2);
    assert.deepEqual(await Promise.all(asks), [3, 4]);
    assert.equal(heir.cell.handled, 2);
    heir.link.close();
  });
});

describe('deadline queue', () => {
  it('expires what is due, not what left, and keeps the process alive only while something waits', async () => {
    const queue = new DeadlineQueue();
    const expired: number[] = [];
    const entry = (number: number, ms: number) => ({
      deadline: Date.now() + ms,
      before: undefined,
      after: undefined,
      expire: () => void expired.push(number),
    });
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;
    const before = timers();
    const entries = [entry(1, 10), entry(2, 10), entry(3, 30), entry(4, 60_000)];
    for (const each of entries) queue.add(each);
    queue.remove(entries[1] as never);
    queue.remove(entries[1] as never);
    await new Promise((resolve) => setTimeout(resolve, 80));
    assert.deepEqual(expired, [1, 3]);
    assert.equal(queue.size, 1);
    assert.ok(timers() > before - 1);
    queue.remove(entries[3] as never);
    assert.equal(queue.size, 0);
    queue.close();
  });
});
