import assert from 'node:assert/strict';
import { type BudgetedPool, PoolBudget } from '../../../sandbox/broker/database/pool-budget.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const never = new AbortController().signal;

describe('broker: pools of all extensions', () => {
  /** A pool that closes as soon as it has to. */
  async function open(budget: PoolBudget, evicted: string[], name: string, signal = never) {
    let pool: BudgetedPool | undefined;
    pool = await budget.take(() => {
      evicted.push(name);
      setImmediate(() => pool?.release());
    }, signal);
    return pool;
  }

  it('the one that was used least recently makes room, and is no use any more', async () => {
    const budget = new PoolBudget(2);
    const evicted: string[] = [];
    const a = await open(budget, evicted, 'a');
    const b = await open(budget, evicted, 'b');
    assert.equal(a.begin(), true);
    a.end();
    await open(budget, evicted, 'c');
    assert.deepEqual([evicted, b.begin(), a.begin()], [['b'], false, true]);
  });

  it('when all are in use, whoever comes waits until one is not, or has waited too long', async () => {
    const budget = new PoolBudget(1);
    const evicted: string[] = [];
    const a = await open(budget, evicted, 'a');
    a.begin();
    let came = false;
    const b = open(budget, evicted, 'b').then((pool) => {
      came = true;
      return pool;
    });
    const late = new AbortController();
    const c = open(budget, evicted, 'c', late.signal);
    await turn();
    assert.deepEqual([came, evicted], [false, []]);
    late.abort();
    await assert.rejects(c, { code: 'MF503' });
    a.end();
    assert.equal((await b).begin(), true);
    assert.deepEqual(evicted, ['a']);
    await assert.rejects(open(budget, evicted, 'd', AbortSignal.abort()), { code: 'MF503' });
  });

  it('a hundred share three, and none is forgotten', async () => {
    const budget = new PoolBudget(3);
    let inUse = 0;
    let most = 0;
    const work = async (name: string): Promise<void> => {
      for (let round = 0; round < 3; round += 1) {
        const pool = await open(budget, [], name);
        if (!pool.begin()) continue;
        inUse += 1;
        most = Math.max(most, inUse);
        await turn();
        inUse -= 1;
        pool.end();
      }
    };
    await Promise.all(Array.from({ length: 100 }, (_, index) => work(String(index))));
    assert.deepEqual([inUse, most], [0, 3]);
  });
});
