import { deepEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import { MemoryJournalStore } from '../../runtime/testing/memory-journal-store.ts';
import { StoreFaults } from '../../runtime/testing/store-faults.ts';
import { ledger } from './fixtures/ledger.ts';
import { LoneActor } from './support/lone-actor.ts';

const steps = [
  'add',
  'addSlowly',
  'read',
  'turn',
  'crash',
  'send again',
  'append fails',
  'append done, answer lost',
  'snapshot fails',
  'hold',
  'release',
] as const;

describe('a journal, whatever happens', function () {
  this.timeout(60_000);

  it('has everything that was acknowledged once, nothing twice, and nobody saw what was lost', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.constantFrom(...steps), { maxLength: 60 }),
        fc.integer({ min: 1, max: 8 }),
        async (plan, snapshotEvery) => {
          const faults = new StoreFaults();
          const store = faults.wrap(new MemoryJournalStore());
          const definition = ledger({ store: () => store, snapshotEvery });
          let actor = await LoneActor.start('ledger', definition);
          let release = () => {};
          let sent = 0;
          const acknowledged = new Set<number>();
          const seen: (readonly number[])[] = [];
          const send = (method: string, number: number) =>
            actor.ask(method, number, `id ${number}`).then(
              () => void acknowledged.add(number),
              () => {},
            );
          const turn = () => new Promise((resolve) => setImmediate(resolve));
          const restart = async () => {
            // The former one goes on as far as it gets: a thread that is given up, not dead.
            for (;;) {
              const next = await LoneActor.start('ledger', definition).catch(() => undefined);
              if (next !== undefined) return next;
            }
          };
          for (const step of plan) {
            if (step === 'add' || step === 'addSlowly') void send(step, ++sent);
            else if (step === 'read') {
              actor.ask('numbers', null).then(
                (numbers) => seen.push(numbers as number[]),
                () => {},
              );
            } else if (step === 'turn') await turn();
            else if (step === 'crash') actor = await restart();
            else if (step === 'send again') {
              const open = Array.from({ length: sent }, (_, index) => index + 1);
              for (const number of open.filter((each) => !acknowledged.has(each))) void send('add', number);
            } else if (step === 'append fails') faults.fail('append');
            else if (step === 'append done, answer lost') faults.fail('append', { done: true });
            else if (step === 'snapshot fails') faults.fail('snapshot');
            else if (step === 'hold') {
              release();
              release = faults.hold('append');
            } else release();
            // One whose journal failed has ended; its supervisor starts it anew.
            if (actor.host.ends.length > 0) actor = await restart();
          }
          release();
          for (let turns = 0; turns < 4; turns++) await turn();
          const final = (await (await restart()).ask('numbers', null)) as number[];
          deepEqual([...new Set(final)], final, 'nothing twice');
          for (const number of acknowledged) ok(final.includes(number), `${number} was acknowledged`);
          for (const numbers of seen) {
            deepEqual(final.slice(0, numbers.length), numbers, 'what was read stays');
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
