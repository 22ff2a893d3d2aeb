import assert from 'node:assert/strict';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { ChildSpec } from '../../runtime/supervision/child-spec.ts';
import type { LedgerFaults, LedgerProtocol } from './support/ledger.ts';
import { bootMachine, echo, fixture, type Machine } from './support/machine.ts';
import { Streams } from './support/streams.ts';
import { until } from './support/until.ts';

type Place = ChildSpec['placement'];
const places: readonly (readonly [string, Place])[] = [
  ['in a thread of its own', { kind: 'thread' }],
  ['in a thread that it shares', { kind: 'thread', thread: 'shared' }],
  ['inline', { kind: 'inline' }],
];
const ledgerIn = (placement: Place, args?: LedgerFaults, module = 'ledger.actor'): ChildSpec => ({
  id: 'ledger',
  module: fixture(module),
  placement,
  ...(args === undefined ? {} : { args }),
});
const relay = (number: number): ChildSpec => ({ ...echo(`relay-${number}`), module: fixture('relay.actor') });
const neighbour: ChildSpec = { ...echo('neighbour'), placement: { kind: 'thread', thread: 'shared' } };

for (const [where, placement] of places) {
  describe(`hot swap of a part ${where}`, () => {
    let machine: Machine;
    let ledger: ActorRef<LedgerProtocol>;

    async function boot(args?: LedgerFaults, module?: string): Promise<void> {
      machine = await bootMachine([ledgerIn(placement, args, module), neighbour, relay(0), relay(1)]);
      ledger = machine.ref('ledger');
    }
    const next = (name = 'ledger-next.actor') => ({ module: fixture(name), timeoutMs: 2_000 });
    afterEach(() => machine.close());

    it('takes its state into the new version, and says what it did', async () => {
      await boot();
      const events: object[] = [];
      machine.motherboard.events.on('component.swapped', (event) => void events.push(event));
      await ledger.ask('write', { from: 'main', number: 1 });
      const swapped = await machine.motherboard.swap('ledger', next());
      const { pausedMs, tookMs, ...what } = swapped;
      assert.deepEqual(what, { incarnation: 2, fromVersion: '1.0.0', toVersion: '1.1.0' });
      assert.ok(pausedMs > 0 && pausedMs <= tookMs);
      assert.deepEqual(await ledger.ask('written', null), ['main 1']);
      const { version, incarnation } = await ledger.ask('facts', null);
      assert.deepEqual([version, incarnation], ['1.1.0', 2]);
      await until('the event', () => events.length === 1);
      assert.deepEqual(events, [{ path: '/ledger', ...swapped }]);
      const status = (await machine.motherboard.status()).find(({ name }) => name === 'ledger');
      assert.deepEqual(
        [status?.state, status?.incarnation, status?.version, status?.restarts],
        ['ready', 2, '1.1.0', 0],
      );
    });

    it('loses nothing of a stream of numbered messages, answers each once and keeps the order', async () => {
      await boot();
      const streams = new Streams(machine);
      const flows = [streams.flow('main', 20), streams.flow('relay-0', 10), streams.flow('relay-1', 10)];
      for (let round = 0; round < 6; round++) {
        await machine.motherboard.swap('ledger', next(round % 2 === 0 ? undefined : 'ledger.actor'));
        await ledger.ask('writeToSelf', { first: round * 50, count: 50 });
      }
      await Promise.all(flows.map((stop) => stop()));
      const total = await streams.check(ledger);
      assert.ok(total > 300);
      const own = (await ledger.ask('written', null)).filter((line) => line.startsWith('self '));
      assert.deepEqual(
        own,
        Array.from({ length: 300 }, (_, number) => `self ${number}`),
      );
    });

    it('lets what runs end first, and the same version be read anew', async () => {
      await boot();
      const slow = ledger.ask('writeSlowly', { from: 'main', number: 0, ms: 80 });
      const behind = Array.from({ length: 20 }, (_, at) =>
        ledger.ask('write', { from: 'main', number: at + 1 }),
      );
      const { fromVersion, toVersion } = await machine.motherboard.swap('ledger');
      assert.equal(fromVersion, toVersion);
      await Promise.all([slow, ...behind]);
      const all = Array.from({ length: 21 }, (_, number) => `main ${number}`);
      assert.deepEqual(await ledger.ask('written', null), all);
    });

    it('moves a state to its next version, and back only by force', async () => {
      await boot();
      await ledger.ask('write', { from: 'main', number: 1 });
      await ledger.ask('write', { from: 'main', number: 2 });
      await machine.motherboard.swap('ledger', next('ledger-2.actor'));
      await machine.motherboard.swap('ledger', next('ledger-2.actor'));
      assert.deepEqual(await ledger.ask('written', null), ['main 1', 'main 2']);
      await assert.rejects(machine.motherboard.swap('ledger', next('ledger.actor')), {
        code: 'MF640',
        message: 'the state of ledger has version 2, 1.0.0 knows 1',
      });
    });

    it('is what a later restart loads', async () => {
      await boot();
      await machine.motherboard.swap('ledger', next());
      assert.equal(await machine.motherboard.restart('ledger'), 3);
      assert.equal((await ledger.ask('facts', null)).version, '1.1.0');
    });

    it('with credits: a mailbox that makes its senders wait loses nothing either', async () => {
      await boot(undefined, 'ledger-narrow.actor');
      const streams = new Streams(machine);
      const flows = [streams.flow('main', 30), streams.flow('relay-0', 30)];
      for (const module of ['ledger-narrow.actor', 'ledger.actor', 'ledger-narrow.actor']) {
        await machine.motherboard.swap('ledger', next(module));
      }
      await Promise.all(flows.map((stop) => stop()));
      assert.ok((await streams.check(ledger)) > 100);
    });

    const faults: readonly (readonly [string, LedgerFaults, RegExp])[] = [
      ['the export throws', { export: 'throws' }, /cannot export/],
      ['the export hangs', { export: 'hangs' }, /within/],
      [
        'the state cannot be copied',
        { export: 'uncloneable' },
        /cannot be copied|could not be cloned|cannot cross/,
      ],
      ['the new version cannot adopt it', { adopt: 'throws' }, /cannot adopt/],
      ['the new version hangs adopting it', { adopt: 'hangs' }, /within/],
      ['the new version cannot start', { start: 'throws' }, /cannot start/],
      ['the new version is not healthy', { health: 'failed' }, /not healthy: \d+ lines/],
      ['the new version cannot say how it is', { health: 'throws' }, /cannot look/],
      ['the new version does not say how it is', { health: 'hangs' }, /within/],
    ];
    for (const [fault, args, reason] of faults) {
      it(`rolls back when ${fault}: the old incarnation goes on with all its messages`, async () => {
        await boot(args);
        const streams = new Streams(machine);
        streams.send('main', 10);
        await ledger.ask('written', null);
        const swap = machine.motherboard.swap('ledger', { ...next(), timeoutMs: 300 });
        swap.catch(() => {});
        const flows = [streams.flow('main', 5), streams.flow('relay-0', 5)];
        await assert.rejects(swap, (error: { code: string; message: string }) => {
          assert.equal(error.code, 'MF642');
          assert.match(error.message, reason);
          return true;
        });
        await Promise.all(flows.map((stop) => stop()));
        await streams.check(ledger);
        const { version, incarnation } = await ledger.ask('facts', null);
        assert.deepEqual([version, incarnation], ['1.0.0', 1]);
        const status = (await machine.motherboard.status()).find(({ name }) => name === 'ledger');
        assert.deepEqual([status?.state, status?.incarnation], ['ready', 1]);
      });
    }

    it('rolls back when what runs does not end in time', async () => {
      await boot();
      const patience = new AbortController();
      const slow = ledger.ask('runOn', null, { signal: patience.signal });
      const behind = ledger.ask('write', { from: 'main', number: 1 });
      // The order to swap goes another way than messages do: the slow one has to be there first.
      await new Promise((resolve) => setTimeout(resolve, 250));
      await assert.rejects(machine.motherboard.swap('ledger', { ...next(), timeoutMs: 100 }), {
        code: 'MF642',
      });
      patience.abort();
      await assert.rejects(slow, { code: 'MF606' });
      assert.deepEqual(await behind, { number: 1, by: '1.0.0' });
    });

    it('can be done after one that was rolled back', async () => {
      await boot({ adopt: 'throws' });
      await assert.rejects(machine.motherboard.swap('ledger', next()), { code: 'MF642' });
      await machine.motherboard.swap('ledger', next('ledger-2.actor'));
      assert.equal((await ledger.ask('facts', null)).version, '2.0.0');
    });

    it('is refused while another one of the same part goes on', async () => {
      await boot();
      const first = machine.motherboard.swap('ledger', next());
      await assert.rejects(machine.motherboard.swap('ledger', next()), { code: 'MF641' });
      assert.equal((await first).incarnation, 2);
      assert.equal((await machine.motherboard.swap('ledger', next())).incarnation, 3);
    });

    it('is given up when the machine stops, and holds that up no longer than it must', async () => {
      await boot({ adopt: 'hangs' });
      const swap = machine.motherboard.swap('ledger', { ...next(), timeoutMs: 60_000 });
      const settled = swap.then(
        () => 'swapped',
        ({ message }: Error) => message,
      );
      await until('it is under way', async () => {
        const [now] = await Promise.all([Promise.race([settled, new Promise((r) => setTimeout(r, 150))])]);
        return now === undefined;
      });
      const { killed } = await machine.motherboard.shutdown({ reason: 'test' });
      assert.deepEqual(killed, []);
      assert.match(await settled, /is being stopped|ended|stopping/);
      machine.close = async () => {};
    });
  });
}
