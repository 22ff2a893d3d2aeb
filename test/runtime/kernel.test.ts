import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { estimateBytes } from '../../runtime/actor/estimate-bytes.ts';
import { aggregateHealth } from '../../runtime/motherboard/aggregate-health.ts';
import { createMemoryCache } from '../../runtime/motherboard/cache.ts';
import type { Health } from '../../runtime/motherboard/health.ts';
import { Lifecycle } from '../../runtime/motherboard/lifecycle.ts';
import { KernelState } from '../../runtime/motherboard/state.ts';

const log = pino({ level: 'silent' });

describe('kernel state', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-state-'));
    path = join(folder, 'deep', 'state.json');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('is there again after a restart, only for its owner', async () => {
    const state = new KernelState(path, log);
    assert.deepEqual(await state.load(), { setAside: undefined });
    await state.set('boots', 3);
    await state.set('gone', 1);
    await state.set('gone', undefined);
    const again = new KernelState(path, log);
    await again.load();
    assert.deepEqual(again.all(), { boots: 3 });
    assert.equal(statSync(path).mode & 0o777, 0o600);
  });

  it('writes that come at the same time end with the last one, and leave no other file', async () => {
    const state = new KernelState(path, log);
    await Promise.all(Array.from({ length: 20 }, (_, number) => state.set('number', number)));
    assert.equal(JSON.parse(readFileSync(path, 'utf8')).number, 19);
    assert.deepEqual(readdirSync(join(folder, 'deep')), ['state.json']);
  });

  it('a reader never sees half a file while it is written', async () => {
    const state = new KernelState(path, log);
    await state.set('text', 'x');
    let writing = true;
    const reader = (async () => {
      let reads = 0;
      while (writing) {
        JSON.parse(readFileSync(path, 'utf8'));
        reads += 1;
        await new Promise((resolve) => setImmediate(resolve));
      }
      return reads;
    })();
    for (let size = 0; size < 15; size++) await state.set('text', 'x'.repeat(size * 20_000));
    writing = false;
    assert.ok((await reader) > 0);
  });

  it('a write that fails leaves the old state, and the next one works', async () => {
    const state = new KernelState(path, log);
    await state.set('a', 1);
    await assert.rejects(state.set('bad', 1n), TypeError);
    await state.set('b', 2);
    assert.deepEqual(JSON.parse(readFileSync(path, 'utf8')), { a: 1, b: 2 });
  });

  for (const [what, text] of [
    ['half a file', '{"boots": 3'],
    ['nothing', ''],
    ['a list', '[1]'],
    ['zero bytes as after a crash', '\0\0\0\0'],
  ] as const) {
    it(`${what} is set aside and reported`, async () => {
      const flat = join(folder, 'state.json');
      writeFileSync(flat, text);
      const state = new KernelState(flat, log);
      const { setAside } = await state.load();
      assert.ok(setAside !== undefined);
      assert.equal(readFileSync(setAside, 'utf8'), text);
      assert.deepEqual(state.all(), {});
      await state.set('boots', 1);
      assert.equal(JSON.parse(readFileSync(flat, 'utf8')).boots, 1);
    });
  }
});

describe('kernel cache', () => {
  it('is bounded by bytes and lets go of what was not used for longest', () => {
    const cache = createMemoryCache({ maxBytes: 1_000 }, estimateBytes);
    for (const key of ['a', 'b', 'c']) cache.set(key, key, { bytes: 300 });
    cache.get('a');
    cache.set('d', 'd', { bytes: 300 });
    assert.deepEqual(
      ['a', 'b', 'c', 'd'].map((key) => cache.get(key)),
      ['a', undefined, 'c', 'd'],
    );
    assert.ok(cache.bytes <= 1_000);
    cache.set('huge', 'x', { bytes: 5_000 });
    assert.equal(cache.get('huge'), undefined);
  });

  it('lets go of what is too old', async () => {
    const cache = createMemoryCache({ maxBytes: 1_000 }, estimateBytes);
    cache.set('a', 1, { ttlMs: 10 });
    assert.equal(cache.get('a'), 1);
    await new Promise((resolve) => setTimeout(resolve, 25));
    assert.equal(cache.get('a'), undefined);
  });
});

describe('health of the machine', () => {
  const ok: Health = { status: 'ok', summary: 'fine' };
  const failed: Health = { status: 'failed', summary: 'gone', fix: 'restart it' };
  const degraded: Health = { status: 'degraded', summary: 'slow' };
  const rows: readonly [string, Health, boolean, Health['status'], string][] = [
    ['all well', ok, true, 'ok', '2 parts answer'],
    ['a required part failed', failed, true, 'failed', 'b: gone'],
    ['an optional part failed', failed, false, 'degraded', 'b: gone'],
    ['a part is degraded', degraded, true, 'degraded', 'b: slow'],
  ];
  for (const [what, health, required, status, summary] of rows) {
    it(`${what}: ${status}`, () => {
      const overall = aggregateHealth([
        { name: 'a', required: true, health: ok },
        { name: 'b', required, health },
      ]);
      assert.equal(overall.status, status);
      assert.equal(overall.summary, summary);
      assert.equal(overall.fix, health.fix);
    });
  }
});

describe('lifecycle', () => {
  it('goes its way and refuses steps that make no sense', () => {
    const life = new Lifecycle();
    life.to('booting');
    assert.throws(() => life.to('booting'), /the machine is booting and cannot be booting next/);
    life.to('running');
    life.to('stopping');
    assert.throws(() => life.to('running'));
    life.to('stopped');
    assert.equal(life.stage, 'stopped');
  });
});

describe('estimated bytes', () => {
  it('grow with what a payload holds', () => {
    const rows: readonly [unknown, number, number][] = [
      [null, 16, 16],
      [1, 16, 16],
      ['x'.repeat(1000), 2_000, 2_100],
      [Buffer.alloc(5_000), 5_000, 5_200],
      [{ body: 'x'.repeat(1000) }, 2_000, 2_200],
      [Array.from({ length: 10_000 }, () => 'x'.repeat(100)), 2_000_000, 2_500_000],
      [new Map([['a', 'x'.repeat(500)]]), 1_000, 3_000],
    ];
    for (const [payload, least, most] of rows) {
      const bytes = estimateBytes(payload);
      assert.ok(bytes >= least && bytes <= most, `${bytes} is not in ${least}…${most}`);
    }
  });
});
