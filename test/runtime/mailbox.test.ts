import assert from 'node:assert/strict';
import { ActorCell } from '../../runtime/actor/actor-cell.ts';
import type { AnyActor } from '../../runtime/actor/any-actor.ts';
import type { ActorDefinition, MailboxOptions } from '../../runtime/actor/define-actor.ts';
import { Mailbox } from '../../runtime/actor/mailbox.ts';
import { Message, type MessageSource } from '../../runtime/actor/message.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { LoneHost, noContext } from './support/lone-host.ts';

/** Notes what becomes of each message, by slot. */
class Notes implements MessageSource {
  readonly lines: string[] = [];
  started(slot: number): void {
    this.lines.push(`${slot} started`);
  }
  reply(slot: number, value: unknown): void {
    this.lines.push(`${slot} = ${String(value)}`);
  }
  fail(slot: number, error: unknown): void {
    this.lines.push(`${slot} ${(error as MagFlockError).code}`);
  }
  release(slot: number): void {
    this.lines.push(`${slot} released`);
  }
}

const aTurn = () => new Promise((resolve) => setImmediate(resolve));
const never = Number.POSITIVE_INFINITY;
const nowhere = new ActorCell('cell', new LoneHost());
const message = (source: MessageSource, slot: number, payload: unknown = slot, high = false) =>
  new Message(source, slot, true, nowhere, 'note', payload, '/test', never, high, undefined);

async function cellWith(
  mailbox: MailboxOptions | undefined,
  methods: ActorDefinition<null, { note(value: unknown): unknown }>['methods'],
  more: Partial<AnyActor> = {},
): Promise<ActorCell> {
  const cell = new ActorCell('cell', new LoneHost());
  const definition = {
    name: 'cell',
    version: '1',
    init: () => null,
    mailbox,
    methods,
    ...more,
  } as unknown as AnyActor;
  await cell.start(definition, noContext, undefined);
  return cell;
}

describe('mailbox: overflow', () => {
  // Three places, five messages, the fourth and fifth find it full.
  const rows: readonly [NonNullable<MailboxOptions['overflow']>, readonly string[]][] = [
    ['reject', ['4 MF603', '5 MF603', '1', '2', '3']],
    ['drop-newest', ['4 MF603', '5 MF603', '1', '2', '3']],
    ['drop-oldest', ['1 MF603', '2 MF603', '3', '4', '5']],
  ];
  for (const [overflow, expected] of rows) {
    it(`${overflow}: ${expected.join(', ')}`, async () => {
      const notes = new Notes();
      const cell = await cellWith({ limit: 3, overflow }, { note: (_state, value) => value });
      for (let slot = 1; slot <= 5; slot++) cell.enqueue(message(notes, slot));
      cell.open();
      await aTurn();
      const outcome = notes.lines
        .filter((line) => !line.endsWith('started'))
        .map((line) => line.replace(/ = .*/, ''));
      assert.deepEqual(outcome, expected);
    });
  }

  it('drop-oldest drops a normal message before one of high priority', async () => {
    const notes = new Notes();
    const cell = await cellWith({ limit: 2, overflow: 'drop-oldest' }, { note: (_state, value) => value });
    cell.enqueue(message(notes, 1, 1, true));
    cell.enqueue(message(notes, 2));
    cell.enqueue(message(notes, 3));
    assert.deepEqual(notes.lines, ['2 MF603']);
  });

  for (const overflow of ['reject', 'wait'] as const)
    it(`counts bytes as well as messages (${overflow})`, async () => {
      const notes = new Notes();
      const cell = await cellWith({ bytes: 5_000, overflow }, { note: () => 'ran' });
      for (let slot = 1; slot <= 4; slot++) cell.enqueue(message(notes, slot, 'x'.repeat(1_000)));
      assert.deepEqual(notes.lines, ['3 MF603', '4 MF603']);
      cell.open();
      await aTurn();
      assert.equal(cell.mailbox.bytes, 0);
    });

  it('drop-oldest does not empty the mailbox for a message that can never fit', () => {
    const mailbox = new Mailbox();
    mailbox.configure({ bytes: 1_000, overflow: 'drop-oldest' });
    const notes = new Notes();
    const huge = message(notes, 1, 'x'.repeat(10_000));
    assert.deepEqual(mailbox.offer(message(notes, 2)), []);
    assert.deepEqual(mailbox.offer(huge), [huge]);
    assert.equal(mailbox.length, 1);
    assert.equal(mailbox.bytes, 16);
  });

  it('cancelled messages give their places back, and thousands of them cost nothing', async () => {
    const notes = new Notes();
    const cell = await cellWith({ limit: 20_000 }, { note: (_state, value) => value });
    const all = Array.from({ length: 20_000 }, (_, slot) => message(notes, slot));
    for (const each of all) cell.enqueue(each);
    const start = performance.now();
    for (const each of all.slice(0, 19_998)) cell.cancel(each);
    assert.ok(performance.now() - start < 1_000);
    assert.equal(cell.mailbox.length, 2);
    assert.equal(cell.mailbox.bytes, 32);
    cell.enqueue(message(notes, 20_000));
    notes.lines.length = 0;
    cell.open();
    await aTurn();
    assert.deepEqual(
      notes.lines.filter((line) => line.endsWith('started')),
      ['19998 started', '19999 started', '20000 started'],
    );
    assert.equal(cell.mailbox.length, 0);
  });

  it('jobs of the runtime are never dropped and never wait behind users', async () => {
    const order: string[] = [];
    const cell = await cellWith({ limit: 1 }, { note: () => order.push('user') });
    const notes = new Notes();
    cell.enqueue(message(notes, 1));
    cell.enqueue(message(notes, 2));
    cell.enqueueJob(() => void order.push('job'));
    cell.open();
    await aTurn();
    assert.deepEqual(order, ['job', 'user']);
    assert.ok(notes.lines.includes('2 MF603'));
  });
});

describe('mailbox: running', () => {
  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

  for (const concurrency of [1, 4]) {
    it(`concurrency ${concurrency}: as many run at once, never more`, async () => {
      let running = 0;
      let most = 0;
      const note = async () => {
        running += 1;
        most = Math.max(most, running);
        await pause(2);
        running -= 1;
      };
      const cell = await cellWith(undefined, { note }, { concurrency });
      const notes = new Notes();
      for (let slot = 0; slot < 20; slot++) cell.enqueue(message(notes, slot));
      cell.open();
      await aTurn();
      while (notes.lines.length < 40) await pause(2);
      assert.equal(most, concurrency);
    });
  }

  it('a stop runs what waited, refuses nothing, and leaves later messages to the next incarnation', async () => {
    const ran: unknown[] = [];
    const note = async (_state: null, value: unknown) => {
      await pause(2);
      ran.push(value);
    };
    let stopped = 0;
    const cell = await cellWith(
      undefined,
      { note },
      {
        stop: () => {
          stopped = ran.length;
        },
      },
    );
    const notes = new Notes();
    cell.open();
    await aTurn();
    for (let slot = 1; slot <= 3; slot++) cell.enqueue(message(notes, slot));
    const stop = cell.stop();
    cell.enqueue(message(notes, 4));
    await stop;
    assert.deepEqual(ran, [1, 2, 3]);
    assert.equal(stopped, 3, 'stop was called after the last message');
    assert.equal(cell.mailbox.length, 1, 'the mailbox outlives the incarnation');
    assert.equal(cell.phase, 'waiting');
  });

  it('a closed mailbox refuses what waits and what comes (MF607)', async () => {
    const { MagFlockError } = await import('../../runtime/errors/magflock-error.ts');
    const cell = await cellWith(undefined, { note: () => 1 });
    const notes = new Notes();
    cell.enqueue(message(notes, 1));
    cell.close(() => new MagFlockError('MF607', 'closed'));
    cell.enqueue(message(notes, 2));
    assert.deepEqual(notes.lines, ['1 MF607', '2 MF607']);
  });

  it('thousands of messages that run at once do not grow the stack', async () => {
    let ran = 0;
    const note = () => {
      ran += 1;
    };
    const cell = await cellWith({ limit: 100_000 }, { note });
    const notes = new Notes();
    for (let slot = 0; slot < 50_000; slot++) cell.enqueue(message(notes, slot));
    cell.open();
    await aTurn();
    while (cell.mailbox.length > 0) await pause(1);
    assert.equal(ran, 50_000);
  });
});
