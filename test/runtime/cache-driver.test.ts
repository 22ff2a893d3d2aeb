import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { createActorSystem } from '../../runtime/actor-system.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { startActor } from '../../runtime/testing/actor-test-kit.ts';
import {
  actor,
  type CacheArgs,
  type CacheProtocol,
} from '../../runtime/testing/examples/cache-driver/cache.actor.ts';

const packageFolder = fileURLToPath(new URL('../../runtime/testing/examples/cache-driver', import.meta.url));
const start = (args: Partial<CacheArgs> = {}) =>
  startActor<unknown, CacheProtocol, CacheArgs>(actor as never, { args: { maxBytes: 1_000, ...args } });

describe('the example of a third-party component, a cache driver', () => {
  it('gives back what was set, and counts', async () => {
    const cache = await start();
    await cache.ask('set', { key: 'a', value: { list: [1, 2] } });
    assert.deepEqual(await cache.ask('get', 'a'), { list: [1, 2] });
    assert.equal(await cache.ask('get', 'b'), undefined);
    const { hits, misses, entries } = await cache.ask('stats', null);
    assert.deepEqual({ hits, misses, entries }, { hits: 1, misses: 1, entries: 1 });
    assert.equal(await cache.ask('delete', 'a'), true);
    assert.equal(await cache.ask('delete', 'a'), false);
    assert.equal((await cache.ask('stats', null)).bytes, 0);
    await cache.stop();
  });

  it('forgets an entry when its time is over, and one that was set again later', async () => {
    const cache = await start({ ttlMs: 1_000 });
    await cache.ask('set', { key: 'short', value: 1 });
    await cache.ask('set', { key: 'long', value: 2, ttlMs: 5_000 });
    await cache.timers.pass(900);
    await cache.ask('set', { key: 'short', value: 3 });
    await cache.timers.pass(900);
    assert.equal(await cache.ask('get', 'short'), 3);
    await cache.timers.pass(200);
    assert.equal(await cache.ask('get', 'short'), undefined);
    assert.equal(await cache.ask('get', 'long'), 2);
    await cache.stop();
    assert.equal(cache.timers.pending, 0);
  });

  it('stays within its bytes: what was not read for longest makes room', async () => {
    const cache = await start({ maxBytes: 350 });
    for (const key of ['a', 'b', 'c']) await cache.ask('set', { key, value: new Uint8Array(90) });
    await cache.ask('get', 'a');
    await cache.ask('set', { key: 'd', value: new Uint8Array(90) });
    assert.equal(await cache.ask('get', 'b'), undefined);
    assert.notEqual(await cache.ask('get', 'a'), undefined);
    const { bytes, evicted } = await cache.ask('stats', null);
    assert.equal(evicted, 1);
    assert.ok(bytes <= 350, `${bytes}`);
    const large = cache.ask('set', { key: 'e', value: new Uint8Array(400) });
    await assert.rejects(large, (error: MagFlockError) => error.code === 'MF603');
    assert.equal((await cache.ask('stats', null)).entries, 3);
    await cache.stop();
  });

  it('refuses a specification without a bound', async () => {
    await assert.rejects(start({ maxBytes: 0 }), /maxBytes must be more than 0/);
  });

  it('runs in a thread, found by the name of its package', async () => {
    const program = mkdtempSync(join(tmpdir(), 'magflock-package-'));
    mkdirSync(join(program, 'node_modules/@example'), { recursive: true });
    symlinkSync(packageFolder, join(program, 'node_modules/@example/cache-driver'), 'dir');
    const path = createRequire(join(program, 'program.ts')).resolve('@example/cache-driver/actor');
    const system = await createActorSystem();
    try {
      const cache = await system.start<CacheProtocol>({
        id: 'cache',
        module: pathToFileURL(path),
        placement: { kind: 'thread' },
        args: { maxBytes: 1_000, ttlMs: 60_000 },
      });
      await cache.ask('set', { key: 'a', value: new Map([[1, 'one']]) });
      assert.deepEqual(await cache.ask('get', 'a'), new Map([[1, 'one']]));
      const [part] = await system.motherboard.status();
      assert.equal(part?.placement, 'thread cache');
      assert.deepEqual(part?.capabilities, ['holds 1000 bytes']);
      assert.match(part?.health?.summary ?? '', /of 1000 bytes in use/);
    } finally {
      await system.stop();
      rmSync(program, { recursive: true });
    }
  });
});
