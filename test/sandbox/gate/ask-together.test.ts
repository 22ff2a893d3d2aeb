import assert from 'node:assert/strict';
import { AskTogether } from '../../../sandbox/gate/ask-together.ts';

describe('asks of one turn of the event loop', () => {
  it('leave at once when alone, and at its end together when not', async () => {
    const together = new AskTogether();
    const left: number[] = [];
    const over = Promise.withResolvers<string>();
    const ask = (number: number) =>
      together.run(() => {
        left.push(number);
        return over.promise;
      });
    const asked = [ask(1), ask(2), ask(3)];
    assert.deepEqual(left, [1]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.deepEqual(left, [1, 2, 3]);
    over.resolve('answer');
    assert.deepEqual(await Promise.all(asked), ['answer', 'answer', 'answer']);
    void ask(4);
    assert.deepEqual(left, [1, 2, 3, 4]);
  });

  it('fail each for itself, and count no more then', async () => {
    const together = new AskTogether();
    const results = await Promise.allSettled(
      [1, 2].map((number) => together.run(() => Promise.reject(new Error(`${number}`)))),
    );
    assert.deepEqual(
      results.map((result) => (result as PromiseRejectedResult).reason.message),
      ['1', '2'],
    );
    let left = false;
    void together.run(async () => {
      left = true;
    });
    assert.equal(left, true);
  });
});
