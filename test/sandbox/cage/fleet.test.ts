import assert from 'node:assert/strict';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { type FakeFleet, fakeFleet } from './fake-fleet.ts';

const detectionMs = 1000;
/** Of the pulse: a beat more than the budget, and what a busy machine adds. */
const slack = 1500;

describe('the fleet of cages', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let fakes: FakeFleet;

  beforeEach(() => {
    fakes = fakeFleet(folder(), { detectionMs, tenantsPerCage: { signed: 3, unsigned: 1 } });
  });
  afterEach(() => fakes.fleet.stop());

  /** Walls are known once a cage is ready. */
  async function readySpare(): Promise<number> {
    for (;;) {
      const spare = fakes.fleet
        .reports()
        .find(({ tenants, walls }) => tenants.length === 0 && walls.length > 0);
      if (spare !== undefined) return spare.pid;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }

  it('starts no process before somebody comes, and then one more than needed', async () => {
    assert.deepEqual(fakes.fleet.reports(), []);
    await fakes.open('a');
    assert.deepEqual(
      fakes.fleet.reports().map(({ tenants }) => tenants),
      [['a'], []],
    );
  });

  it('never mixes trust levels, and fills a cage before it takes the next', async () => {
    const [a, b, c, d, core, bad1, bad2] = await Promise.all([
      fakes.open('a'),
      fakes.open('b'),
      fakes.open('c'),
      fakes.open('d'),
      fakes.open('core', { trust: 'core' }),
      fakes.open('bad1', { trust: 'unsigned' }),
      fakes.open('bad2', { trust: 'unsigned' }),
    ]);
    assert.equal(new Set([a, b, c].map(({ tenant }) => tenant.pid)).size, 1);
    assert.equal(new Set([a, d, core, bad1, bad2].map(({ tenant }) => tenant.pid)).size, 5);
    await Promise.all([a.tenant.close(), b.tenant.close(), c.tenant.close()]);
    const e = await fakes.open('e');
    assert.ok([a.tenant.pid, d.tenant.pid].includes(e.tenant.pid));
  });

  it('kills a cage that gives no sign of life, and lets the innocent in again at once', async () => {
    const bad = await fakes.open('bad');
    const good = await fakes.open('good');
    const spare = await readySpare();
    const lost = assert.rejects(bad.tell({ do: 'spin' }), { code: 'MF601' });
    const end = await good.ended;
    const detected = performance.now();
    const again = await fakes.open('good');
    assert.equal(await again.tell({ do: 'echo', value: 1 }), 1);
    const accepted = performance.now() - detected;
    await lost;
    assert.deepEqual({ ...end, detail: '' }, { reason: 'stuck', detail: '', cage: 'killed' });
    assert.deepEqual(fakes.ends[0]?.suspects, ['bad']);
    assert.ok((fakes.ends[0]?.detectedMs ?? 0) <= detectionMs + slack);
    assert.equal(again.tenant.pid, spare);
    // Measured 8 ms; the bound that is promised is 200 ms on a machine that has time.
    assert.ok(accepted < 200 + slack, `${accepted} ms`);
  });

  it('puts one that ended two cages alone, and into quarantine after a third', async () => {
    for (const alone of [false, false, true]) {
      const good = await fakes.open('good');
      const bad = await fakes.open('bad');
      assert.equal(bad.tenant.pid !== good.tenant.pid, alone);
      await assert.rejects(bad.tell({ do: 'abort' }), { code: 'MF601' });
      await bad.ended;
      assert.equal(good.ends.length, alone ? 0 : 1);
      await good.tenant.close();
    }
    await assert.rejects(fakes.open('bad'), { code: 'MF663' });
    fakes.fleet.forgive('bad');
    await (await fakes.open('bad')).tenant.close();
  });

  it('ends an isolate that gives no sign of life, and its cage only if that does not help', async () => {
    const bad = await fakes.open('bad');
    const good = await fakes.open('good');
    const lost = assert.rejects(bad.tell({ do: 'quiet' }, { cpuMs: 1 }), { code: 'MF601' });
    assert.deepEqual({ ...(await bad.ended), detail: '' }, { reason: 'stuck', detail: '', cage: 'alive' });
    await lost;
    // This inside does not answer the unload either.
    assert.equal((await good.ended).cage, 'killed');
    assert.deepEqual(
      fakes.ends.map(({ reason, suspects }) => [reason, suspects]),
      [['stuck', ['bad']]],
    );
  });

  for (const reason of ['memory', 'fault']) {
    it(`retires a cage in which an isolate ended for ${reason}, and ends it when it is empty`, async () => {
      const bad = await fakes.open('bad');
      const good = await fakes.open('good');
      const lost = assert.rejects(bad.tell({ do: 'ended', text: reason }), { code: 'MF601' });
      assert.deepEqual(await bad.ended, { reason, detail: 'by order', cage: 'alive' });
      await lost;
      const again = await fakes.open('bad');
      assert.notEqual(again.tenant.pid, good.tenant.pid);
      assert.equal(await good.tell({ do: 'echo', value: 1 }), 1);
      await good.tenant.close();
      await Promise.resolve();
      assert.deepEqual(
        fakes.ends.map(({ reason: why, pid }) => [why, pid]),
        [['drained', good.tenant.pid]],
      );
    });
  }

  it('blames the one whose isolate failed right before the process did', async () => {
    const bad = await fakes.open('bad');
    const good = await fakes.open('good');
    const lost = [bad, good].map((guest) => assert.rejects(guest.tell({ do: 'never' }), { code: 'MF601' }));
    await Promise.all([
      assert.rejects(bad.tell({ do: 'ended', text: 'memory' }), { code: 'MF601' }),
      assert.rejects(good.tell({ do: 'abort' }), { code: 'MF601' }),
    ]);
    await Promise.all(lost);
    await good.ended;
    assert.deepEqual(fakes.ends[0]?.suspects, ['bad']);
    assert.deepEqual([...(fakes.ends[0]?.tenants ?? [])].sort(), ['bad', 'good']);
  });

  it('lets one in elsewhere whose cage ends under it, but not the one that did it', async () => {
    const bad = await fakes.open('bad');
    const lost = assert.rejects(bad.tell({ do: 'spin' }), { code: 'MF601' });
    const good = await fakes.open('good');
    await lost;
    assert.equal(await good.tell({ do: 'echo', value: 1 }), 1);
    assert.notEqual(good.tenant.pid, bad.tenant.pid);
  });

  it('ends a cage that takes more memory than it may', async () => {
    await fakes.fleet.stop();
    fakes = fakeFleet(folder(), { memoryMegabytes: 300, spare: false });
    const bad = await fakes.open('bad');
    await assert.rejects(bad.tell({ do: 'grow' }), { code: 'MF601' });
    assert.equal((await bad.ended).reason, 'memory');
  });

  it('does not mind what a cage prints, and says it only to operators', async () => {
    await fakes.fleet.stop();
    const lines: [string, string][] = [];
    fakes = fakeFleet(folder(), {
      spare: false,
      log: (level, message, details) => lines.push([level, `${message} ${details['text'] ?? ''}`]),
    });
    const guest = await fakes.open('a');
    // The bound of what is kept, and of what is read.
    await guest.tell({ do: 'print', text: 'x'.repeat(4 * 1024 * 1024) });
    await guest.tell({ do: 'echo' });
    await assert.rejects(guest.tell({ do: 'exit' }), { code: 'MF601' });
    const other = await fakes.open('a');
    await other.tell({ do: 'print', text: '{"level":"error","message":"forged"}\n' });
    await assert.rejects(other.tell({ do: 'exit' }), { code: 'MF601' });
    assert.ok(lines.every(([, text]) => text.length < 5000));
    assert.deepEqual(
      lines.filter(([, text]) => text.includes('forged')).map(([level]) => level),
      ['debug'],
    );
  });

  it('kills a cage that stops in the middle of a frame', async () => {
    const bad = await fakes.open('bad');
    await assert.rejects(bad.tell({ do: 'loris' }), { code: 'MF601' });
    assert.equal(fakes.ends[0]?.reason, 'silent');
  });

  it('tells everybody when it is stopped, and takes nobody in any more', async () => {
    const guest = await fakes.open('a');
    const waiting = assert.rejects(guest.tell({ do: 'never' }), { code: 'MF601' });
    await fakes.fleet.stop();
    await waiting;
    assert.deepEqual(fakes.fleet.reports(), []);
    assert.equal((await guest.ended).reason, 'closed');
    await assert.rejects(fakes.open('b'), { code: 'MF601' });
  });
});
