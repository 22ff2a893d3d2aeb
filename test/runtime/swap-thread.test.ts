import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import type { DatedProtocol } from './fixtures/dated.actor.ts';
import type { FrontProtocol } from './fixtures/front.actor.ts';
import type { OwnerProtocol } from './fixtures/owner.actor.ts';
import type { LedgerFaults, LedgerProtocol } from './support/ledger.ts';
import { bootMachine, echo, fixture, type Machine } from './support/machine.ts';
import { Streams } from './support/streams.ts';
import { until } from './support/until.ts';

const ledgerSpec = (args?: LedgerFaults): ChildSpec => ({
  id: 'ledger',
  module: fixture('ledger.actor'),
  placement: { kind: 'thread' },
  ...(args === undefined ? {} : { args }),
});
const relay = (number: number): ChildSpec => ({ ...echo(`relay-${number}`), module: fixture('relay.actor') });
const next = { module: fixture('ledger-next.actor'), timeoutMs: 5_000 };

describe('hot swap to another thread', () => {
  let machine: Machine;
  let ledger: ActorRef<LedgerProtocol>;
  const boot = async (args?: LedgerFaults): Promise<void> => {
    machine = await bootMachine([ledgerSpec(args), relay(0), relay(1)]);
    ledger = machine.ref('ledger');
  };
  const place = async () => (await machine.motherboard.status())[0]?.placement;
  afterEach(() => machine.close());

  it('goes to a thread beside the old one, and back to the first name with the next one', async () => {
    await boot();
    await machine.motherboard.swap('ledger', next);
    assert.equal(await place(), 'thread ledger~1');
    await until('the old one is gone', async () => {
      await machine.motherboard.swap('ledger', next).catch(() => {});
      return (await place()) === 'thread ledger';
    });
  });

  it('a crash of the new incarnation is a crash like any other', async () => {
    await boot();
    await machine.motherboard.swap('ledger', next);
    await assert.rejects(ledger.ask('die', null), { code: 'MF601' });
    const { incarnation, version } = await ledger.ask('facts', null);
    assert.deepEqual([incarnation, version], [3, '1.1.0']);
  });

  for (const [what, faults] of [
    ['the old incarnation dies while it exports', { export: 'dies' }],
    ['the new incarnation dies while it adopts', { adopt: 'dies' }],
  ] as const) {
    it(`when ${what} the part goes on, and nobody's order is lost`, async () => {
      await boot(faults);
      const streams = new Streams(machine);
      const flows = [streams.flow('main', 5), streams.flow('relay-0', 5), streams.flow('relay-1', 5)];
      await assert.rejects(machine.motherboard.swap('ledger', next), { code: 'MF642' });
      await Promise.all(flows.map((stop) => stop()));
      const { version, incarnation } = await ledger.ask('facts', null);
      assert.deepEqual([version, incarnation], ['1.0.0', 'export' in faults ? 2 : 1]);
      // What was written before the crash went with the state of the incarnation that crashed.
      if ('adopt' in faults) await streams.check(ledger);
    });
  }

  it('a restart that is asked for meanwhile comes after it', async () => {
    await boot();
    const swap = machine.motherboard.swap('ledger', next);
    const restart = machine.motherboard.restart('ledger');
    assert.equal((await swap).incarnation, 2);
    assert.equal(await restart, 3);
  });

  it('takes more messages than a connection holds, and those behind them', async () => {
    await boot();
    const streams = new Streams(machine);
    const swap = machine.motherboard.swap('ledger', next);
    // Half of them wait in the sender.
    streams.send('relay-0', 9_000);
    await swap;
    streams.send('relay-0', 500);
    assert.equal(await streams.check(ledger), 9_500);
  });

  it('an ask that is cancelled or expires on the way is not run', async () => {
    await boot();
    const patience = new AbortController();
    const hold = ledger.ask('writeSlowly', { from: 'main', number: 0, ms: 150 });
    const cancelled = ledger.ask('write', { from: 'main', number: 1 }, { signal: patience.signal });
    const expired = ledger.ask('write', { from: 'main', number: 2 }, { timeoutMs: 100 });
    const swap = machine.motherboard.swap('ledger', next);
    patience.abort();
    await assert.rejects(cancelled, { code: 'MF606' });
    await assert.rejects(expired, { code: 'MF602' });
    await hold;
    await swap;
    await ledger.ask('write', { from: 'main', number: 3 });
    assert.deepEqual(await ledger.ask('written', null), ['main 0', 'main 3']);
  });

  it('takes what the part has told itself along', async () => {
    await boot();
    const swap = machine.motherboard.swap('ledger', next);
    await ledger.ask('writeToSelf', { first: 0, count: 2_000 });
    await swap;
    await until('all are there', async () => (await ledger.ask('written', null)).length === 2_000);
    const all = Array.from({ length: 2_000 }, (_, number) => `self ${number}`);
    assert.deepEqual(await ledger.ask('written', null), all);
  });
});

describe('hot swap and replicas', () => {
  let machine: Machine;
  afterEach(() => machine.close());
  const owner = (module: string, args?: LedgerFaults): ChildSpec => ({
    id: 'owner',
    module: fixture(module),
    placement: { kind: 'thread' },
    ...(args === undefined ? {} : { args }),
  });
  const carrier = (id: string, module: string): ChildSpec => ({
    id,
    module: fixture(module),
    placement: { kind: 'thread' },
    requires: ['owner'],
    replicas: [{ name: 'owner', module: fixture('owner.replica') }],
  });

  it('of an owner bring its replicas up to date before its first message runs', async () => {
    machine = await bootMachine([
      owner('ledger.actor'),
      carrier('front-0', 'front.actor'),
      carrier('front-1', 'front.actor'),
    ]);
    const source = machine.ref<LedgerProtocol>('owner');
    const copies = ['front-0', 'front-1'].map((name) => machine.ref<FrontProtocol>(name));
    for (let round = 2; round < 6; round++) {
      await source.ask('write', { from: 'main', number: round });
      await machine.motherboard.swap('owner', { module: fixture('ledger-next.actor') });
      for (const copy of copies) {
        assert.equal(await copy.ask('get', 'incarnation'), round);
        assert.equal(await copy.ask('get', 'lines'), round - 1);
      }
    }
  });

  it('of an owner that fails leave the replicas with the state of the old incarnation', async () => {
    machine = await bootMachine([
      owner('ledger.actor', { snapshot: 'hangs' }),
      carrier('front-0', 'front.actor'),
    ]);
    const source = machine.ref<LedgerProtocol>('owner');
    const copy = machine.ref<FrontProtocol>('front-0');
    await source.ask('write', { from: 'main', number: 1 });
    const swap = machine.motherboard.swap('owner', { module: fixture('ledger-next.actor'), timeoutMs: 300 });
    await assert.rejects(swap, { code: 'MF642', message: /did not synchronise within/ });
    await until('it is back', async () => (await copy.ask('history', null)).length === 2);
    assert.equal(await copy.ask('get', 'incarnation'), 1);
    // After a crash they follow the next incarnation, whose number the failed one had.
    await assert.rejects(source.ask('die', null), { code: 'MF601' });
    await source.ask('facts', null);
    assert.equal(await copy.ask('get', 'incarnation'), 2);
  });

  it('of a carrier: its new thread has the whole state, and every later change', async () => {
    const dated = { ...carrier('dated', 'dated-stateless.actor') };
    machine = await bootMachine([owner('owner.actor'), dated]);
    const source = machine.ref<OwnerProtocol>('owner');
    const copy = machine.ref<DatedProtocol>('dated');
    let stop = false;
    let last = 0;
    const writer = (async () => {
      for (let round = 1; !stop; round++) {
        await source.ask('set', { key: 'key', value: round });
        last = round;
        assert.ok(((await copy.ask('facts', null)).copied as number) >= round);
      }
    })();
    for (let round = 0; round < 3; round++) await machine.motherboard.swap('dated');
    stop = true;
    await writer;
    const { copied, incarnation } = await copy.ask('facts', null);
    assert.deepEqual([copied, incarnation], [last, 4]);
  });
});
