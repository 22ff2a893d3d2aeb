import assert from 'node:assert/strict';
import { Outlet } from '../../../sandbox/isolate/outlet.ts';
import { outletLayout } from '../../../sandbox/isolate/outlet-layout.ts';
import { loadGuest } from './load-guest.ts';

describe('what a guest says', () => {
  it('comes out whole and in order, by whichever way', async () => {
    await using guest = await loadGuest(
      `export default { async onBefore(facts) {
        for (const line of facts.lines) console.log(line);
        await null;
        console.log('late');
        return facts.lines.at(-1);
      } };`,
      { logLinesPerSecond: 1_000 },
    );
    const texts = ['plain', 'ünicode', 'x'.repeat(outletLayout.bytes), 'tab\tand\nfeed', ''];
    for (let shift = 0; shift < texts.length; shift += 1) {
      const lines = [...texts.slice(shift), ...texts.slice(0, shift)];
      guest.logs.length = 0;
      assert.equal(await guest.value('before', { lines }), lines.at(-1));
      assert.deepEqual(
        guest.logs.map(({ text }) => text),
        [...lines, 'late'],
      );
    }
  });

  it('on the main thread, answers of many calls reach their callers', async () => {
    await using guest = await loadGuest(
      `export default { onBefore: (facts) => facts.number % 2 ? facts.number : Promise.resolve(facts.number) };`,
    );
    for (let round = 0; round < 40; round += 1)
      assert.equal(await guest.value('before', { number: round }), round);
    for (const width of [1, 3, 5, 200]) {
      const numbers = Array.from({ length: width }, (_, number) => number);
      assert.deepEqual(
        await Promise.all(numbers.map((number) => guest.value('before', { number }))),
        numbers,
      );
    }
  });

  it('is heard when it comes after the answer', async () => {
    await using guest = await loadGuest(
      `export default { onBefore() { Promise.resolve().then(() => console.log('after')); return 1; } };`,
    );
    for (let round = 0; round < 30; round += 1) await guest.value('before', {});
    assert.equal(guest.logs.filter(({ text }) => text === 'after').length > 0, true);
  });
});

describe('an outlet', () => {
  it('gives no more than there is room for, whatever its head says', () => {
    const outlet = new Outlet();
    new Uint32Array(outlet.memory, 0, 2).fill(0xffff_ffff);
    assert.equal(outlet.take().length, outletLayout.bytes - outletLayout.head);
    assert.equal(outlet.take(), '');
  });
});
