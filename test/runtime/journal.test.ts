import { deepEqual, equal, ok, rejects } from 'node:assert/strict';
import type { AnyActor } from '../../runtime/actor/any-actor.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { MemoryJournalStore } from '../../runtime/testing/memory-journal-store.ts';
import { StoreFaults } from '../../runtime/testing/store-faults.ts';
import { ledger } from './fixtures/ledger.ts';
import { LoneActor } from './support/lone-actor.ts';

describe('a journalled actor', () => {
  let faults: StoreFaults;
  let store: () => MemoryJournalStore;

  beforeEach(() => {
    faults = new StoreFaults();
    const wrapped = faults.wrap(new MemoryJournalStore());
    store = () => wrapped;
  });

  const start = (options: Parameters<typeof ledger>[0] = {}) =>
    LoneActor.start('ledger', ledger({ store, ...options }));
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('is after a crash what it was when it last answered, and knows that messages run again', async () => {
    const first = await start();
    equal(await first.ask('add', 1), 1);
    equal(await first.ask('addSlowly', 2), 2);
    equal(await first.ask('add', 3), 3);
    const second = await start();
    deepEqual(await second.ask('numbers', null), [1, 2, 3]);
    equal(await second.ask('replayed', null), 3);
  });

  it('answers nothing before it is durable, what only reads included', async () => {
    const actor = await start();
    const release = faults.hold('append');
    const answers: string[] = [];
    const asks = [
      actor.ask('add', 1).then(() => answers.push('add')),
      actor.ask('numbers', null).then(() => answers.push('numbers')),
      actor.ask('refuse', 2).catch(() => answers.push('refused')),
    ];
    for (let turns = 0; turns < 5; turns++) await turn();
    deepEqual(answers, []);
    release();
    await Promise.all(asks);
    deepEqual(answers, ['add', 'numbers', 'refused']);
  });

  it('shares appends among thousands of asks in flight', async () => {
    const actor = await start();
    await Promise.all(Array.from({ length: 5_000 }, (_, number) => actor.ask('add', number)));
    const appends = faults.calls.get('append') ?? 0;
    ok(appends <= 100, `${appends} appends`);
  });

  for (const done of [false, true]) {
    it(`ends when an append fails ${done ? 'after it was done' : ''}, answers with the error, and comes back in step`, async () => {
      const actor = await start();
      await actor.ask('add', 1);
      faults.fail('append', { done, error: new MagFlockError('MF506', 'disk full') });
      const two = actor.ask('add', 2, 'two');
      const read = actor.ask('numbers', null);
      await rejects(two, { code: 'MF506' });
      await rejects(read, { code: 'MF506' }, 'it may have read what is lost');
      await turn();
      equal(actor.host.ends[0]?.kind, 'crash');
      const after = await start();
      deepEqual(await after.ask('numbers', null), done ? [1, 2] : [1]);
      equal(await after.ask('add', 2, 'two'), 2, 'sent again under its id it is there once');
      deepEqual(await after.ask('numbers', null), [1, 2]);
    });
  }

  it('a tell that was not kept is a dead letter', async () => {
    const actor = await start();
    faults.fail('append');
    actor.tell('add', 1);
    await turn();
    await turn();
    deepEqual(actor.host.letters, ['add MF503']);
  });

  it('runs a message of the same id once, over restarts and snapshots, and gives the same answer', async () => {
    const options = { snapshotEvery: 2 };
    let actor = await start(options);
    const twice = [actor.ask('add', 7, 'seven'), actor.ask('add', 7, 'seven')];
    deepEqual(await Promise.all(twice), [1, 1]);
    for (const number of [8, 9, 10]) await actor.ask('add', number);
    for (let life = 0; life < 3; life++) {
      actor = await start(options);
      equal(await actor.ask('add', 7, 'seven'), 1);
    }
    deepEqual(await actor.ask('numbers', null), [7, 8, 9, 10]);
  });

  it('starts from its last snapshot and runs only what came after it', async () => {
    const options = { snapshotEvery: 10 };
    const actor = await start(options);
    for (let number = 0; number < 25; number++) await actor.ask('add', number);
    await actor.cell.stop();
    const after = await start(options);
    equal(await after.ask('replayed', null), 5);
    equal(((await after.ask('numbers', null)) as number[]).length, 25);
    ok((await store().read({ journal: '/ledger', after: 0, limit: 99 })).length === 5);
  });

  it('goes on without a snapshot that could not be saved', async () => {
    const actor = await start({ snapshotEvery: 2 });
    faults.fail('snapshot');
    for (let number = 0; number < 3; number++) await actor.ask('add', number);
    await actor.cell.stop();
    const after = await start({ snapshotEvery: 2 });
    deepEqual(await after.ask('numbers', null), [0, 1, 2]);
  });

  it('keeps neither refusals nor what cannot be kept', async () => {
    const actor = await start();
    await rejects(actor.ask('refuse', 1), { code: 'MF610' });
    await rejects(
      actor.ask('uncloneable', () => {}),
      { code: 'MF614' },
    );
    await actor.ask('add', 1);
    equal((await store().read({ journal: '/ledger', after: 0, limit: 9 })).length, 1);
  });

  it('a stop waits until every answer has left', async () => {
    const actor = await start();
    const release = faults.hold('append');
    const answer = actor.ask('add', 1);
    await turn();
    let stopped = false;
    const stop = actor.cell.stop().then(() => {
      stopped = true;
    });
    await turn();
    equal(stopped, false);
    release();
    equal(await answer, 1);
    await stop;
  });

  it('a former incarnation that still runs writes nothing more', async () => {
    const former = await start();
    await former.ask('add', 1);
    const actor = await start();
    await rejects(former.ask('add', 2), { code: 'MF631' });
    await actor.ask('add', 3);
    deepEqual(await (await start()).ask('numbers', null), [1, 3]);
  });

  it('waits at its start for a database that is away for a moment', async () => {
    await (await start()).ask('add', 1);
    faults.fail('open', { times: 2 });
    deepEqual(await (await start()).ask('numbers', null), [1]);
  });

  it('does not start when the database refuses', async () => {
    faults.fail('open', { error: new MagFlockError('MF500', 'no such table') });
    await rejects(start(), { code: 'MF500' });
  });

  for (const [what, options, message] of [
    ['runs several messages at a time', { concurrency: 2 }, /several messages/],
    ['names a method it has not', { methods: ['nothing' as 'add'] }, /no method nothing/],
  ] as const) {
    it(`is refused when it ${what} (MF608)`, async () => {
      await rejects(
        start(options),
        (error: MagFlockError) => error.code === 'MF608' && message.test(error.message),
      );
    });
  }

  it('another version in its place goes on with the journal, from a snapshot of its own', async () => {
    const actor = await start();
    await actor.ask('add', 1);
    const next = ledger({ store, snapshot: ({ numbers }) => [...numbers, 0] });
    actor.cell.take(next as unknown as AnyActor, actor.cell.state, 2);
    await actor.ask('add', 2);
    await actor.cell.stop();
    const after = await start();
    deepEqual(await after.ask('numbers', null), [1, 2, 0]);
    equal(await after.ask('replayed', null), 0);
  });

  it('takes its journal back from one that has started in vain', async () => {
    const actor = await start();
    await actor.ask('add', 1);
    await start();
    await actor.cell.hasExtras?.gate?.reopen();
    equal(await actor.ask('add', 2), 2);
    const { unfinished, lastSeq } = await store().open({ journal: '/ledger' });
    equal(unfinished.opened, 0);
    equal(lastSeq, 2);
  });

  it('does not take it back from one that has written: its own state is not the last', async () => {
    const former = await start();
    await former.ask('add', 1);
    await (await start()).ask('add', 2);
    await rejects(Promise.resolve(former.cell.hasExtras?.gate?.reopen()), { code: 'MF631' });
    await rejects(former.ask('add', 3), { code: 'MF631' });
    deepEqual(await (await start()).ask('numbers', null), [1, 2]);
  });

  it('a state that is handed over does not stand for what the journal has', async () => {
    await (await start()).ask('add', 1);
    const adopt = () => ({ numbers: [7], replayed: 0 });
    const after = await LoneActor.start('ledger', ledger({ store }), adopt);
    deepEqual(await after.ask('numbers', null), [1]);
  });

  describe('with a message that ends its starts', () => {
    /** Fails when it is run again, so that each start ends at it. */
    const onAdd = (number: number, replayed: boolean) => {
      if (replayed && number === 2) throw new Error('cannot run this again');
    };

    it('puts it with the dead letters after three, as poison, and never runs it again', async () => {
      const actor = await start();
      for (const number of [1, 2, 3]) await actor.ask('add', number);
      for (let crash = 0; crash < 3; crash++) await rejects(start({ onAdd }), /cannot run this again/);
      const after = await start({ onAdd });
      deepEqual(after.host.letters, ['add MF632']);
      deepEqual(await after.ask('numbers', null), [1, 3]);
      const later = await start({ onAdd });
      deepEqual(await later.ask('numbers', null), [1, 3]);
      deepEqual(later.host.letters, []);
    });

    it('finds the one that took its thread with it, which could note nothing', async () => {
      const actor = await start();
      for (const number of [1, 2, 3]) await actor.ask('add', number);
      // A start that never ends: its thread died while the entry ran.
      const dies = (number: number, replayed: boolean) => {
        if (replayed && number === 2) throw died;
      };
      const died = new Error('the thread is gone');
      for (let crash = 0; crash < 3; crash++) {
        faults.fail('note', { times: crash === 0 ? 1 : 0 });
        await rejects(start({ onAdd: dies }), died);
      }
      const after = await start({ onAdd: dies });
      deepEqual(after.host.letters, ['add MF632']);
      deepEqual(await after.ask('numbers', null), [1, 3]);
    });

    it('does not blame a message for starts that others ended', async () => {
      const actor = await start();
      for (const number of [1, 2, 3]) await actor.ask('add', number);
      for (let crash = 0; crash < 5; crash++) {
        for (const method of ['read', 'replayed']) {
          faults.fail(method, { error: new MagFlockError('MF500', 'out of order') });
          await rejects(start(), { code: 'MF500' });
        }
      }
      deepEqual(await (await start()).ask('numbers', null), [1, 2, 3]);
    });
  });
});
