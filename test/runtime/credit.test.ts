import assert from 'node:assert/strict';
import type { EchoProtocol } from './fixtures/echo.actor.ts';
import type { NarrowProtocol } from './fixtures/narrow.actor.ts';
import { bootMachine, echo, fixture, type Machine } from './support/machine.ts';
import { until } from './support/until.ts';

const count = 400;
const numbers = Array.from({ length: count }, (_, number) => number);
const of = (from: string, done: readonly string[]) =>
  done.filter((line) => line.startsWith(`${from} `)).map((line) => Number(line.slice(from.length + 1)));

for (const kind of ['inline', 'thread'] as const) {
  describe(`a mailbox that makes its senders wait, in placement ${kind}`, () => {
    let machine: Machine;
    beforeEach(async () => {
      machine = await bootMachine([
        { id: 'narrow', module: fixture('narrow.actor'), placement: { kind } },
        echo('other', { requires: ['narrow'] }),
      ]);
    });
    afterEach(() => machine.close());

    it('takes everything in order of each sender, and never holds more than its limit', async () => {
      const narrow = machine.ref<NarrowProtocol>('narrow');
      const other = machine.ref<EchoProtocol>('other');
      let most = 0;
      let watching = true;
      const watch = (async () => {
        while (watching) {
          const part = (await machine.motherboard.status()).find(({ name }) => name === 'narrow');
          most = Math.max(most, part?.mailbox ?? 0);
        }
      })();
      const mine = numbers.map((number) => narrow.ask('work', { from: 'main', number }));
      const theirs = numbers.map((number) =>
        other.ask('tellOther', { part: 'narrow', method: 'work', payload: { from: 'other', number } }),
      );
      await Promise.all([...mine, ...theirs]);
      await until('all done', async () => (await narrow.ask('done', null)).length === 2 * count);
      watching = false;
      await watch;
      const done = await narrow.ask('done', null);
      assert.deepEqual(of('main', done), numbers);
      assert.deepEqual(of('other', done), numbers);
      // A sender always has one credit, so the limit may be passed by one for each sending thread.
      assert.ok(most > 0 && most <= 8 + 2, `${most} waited`);
    });

    it('cancels what waits outside', async () => {
      const narrow = machine.ref<NarrowProtocol>('narrow');
      const controller = new AbortController();
      const asks = numbers.map((number) =>
        narrow.ask('work', { from: 'main', number }, number % 2 === 0 ? {} : { signal: controller.signal }),
      );
      controller.abort();
      const outcomes = await Promise.allSettled(asks);
      assert.equal(outcomes.filter(({ status }) => status === 'rejected').length, count / 2);
      const done = of('main', await narrow.ask('done', null));
      assert.deepEqual(done.filter((number) => number % 2 === 0).length, count / 2);
      assert.ok(done.filter((number) => number % 2 === 1).length <= 1);
    });
  });
}

describe('credits over a crash', () => {
  it('are given anew: what waited and what was not started goes on in order', async () => {
    const machine = await bootMachine([
      { id: 'narrow', module: fixture('narrow.actor'), placement: { kind: 'thread' } },
    ]);
    const narrow = machine.ref<NarrowProtocol>('narrow');
    const before = numbers.slice(0, 20).map((number) => narrow.ask('work', { from: 'main', number }));
    const fatal = narrow.ask('die', null).catch((error) => error.code);
    const after = numbers.slice(20).map((number) => narrow.ask('work', { from: 'main', number }));
    await Promise.all([...before, ...after]);
    assert.equal(await fatal, 'MF601');
    assert.deepEqual(of('main', await narrow.ask('done', null)), numbers.slice(20));
    await machine.close();
  });
});
