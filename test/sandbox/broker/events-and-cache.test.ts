import assert from 'node:assert/strict';
import { checkEvent } from '../../../runtime/bus/check-event.ts';
import { eventCatalog } from '../../../runtime/bus/event-catalog.ts';
import type { CatalogTable } from '../../../runtime/protocol/catalog.ts';
import { cacheCapability } from '../../../sandbox/broker/capabilities/cache.capability.ts';
import { catalogReadCapability } from '../../../sandbox/broker/capabilities/catalog-read.capability.ts';
import { eventsEmitCapability } from '../../../sandbox/broker/capabilities/events-emit.capability.ts';
import { eventsOn, wakingEvents } from '../../../sandbox/broker/capabilities/events-on.ts';
import type { Capability, CapabilityCall } from '../../../sandbox/broker/capability.ts';
import { fakeCatalog, fakeTable } from '../../maggate/fake-catalog.ts';
import { aCall } from './a-call.ts';
import { refusedWith } from './refused-with.ts';

async function run(
  capability: Capability,
  method: string,
  args: readonly unknown[],
  more: Partial<CapabilityCall> = {},
): Promise<unknown> {
  return capability.methods[method]?.(aCall({ args, ...more }));
}

describe('sandbox: events of extensions', () => {
  const emitted: [string, unknown][] = [];
  const emit = eventsEmitCapability({
    events: { emit: (name: string, payload: unknown) => void emitted.push([name, payload]) } as never,
  });
  beforeEach(() => {
    emitted.length = 0;
  });

  it('what an extension says goes out as a message with its id', async () => {
    await run(emit, 'emit', ['order.shipped', { id: 'forged.id', n: 1 }]);
    assert.deepEqual(emitted, [
      [
        'extension.message',
        { id: 'acme.one', project: 'main', name: 'order.shipped', payload: '{"id":"forged.id","n":1}' },
      ],
    ]);
    checkEvent(...(emitted[0] as [string, unknown]));
  });

  for (const name of Object.keys(eventCatalog)) {
    it(`never announces ${name}`, async () => {
      await assert.rejects(run(emit, 'emit', [name, {}]), refusedWith('MF610'));
      assert.deepEqual(emitted, []);
    });
  }

  const rows: readonly (readonly [name: unknown, payload: unknown, scopes: string[], code: string])[] = [
    ['threat.other', {}, ['*'], 'MF610'],
    ['order.shipped', {}, ['order.paid'], 'MF610'],
    ['orders.shipped', {}, ['order.*'], 'MF610'],
    ['Threat.detected', {}, ['*'], 'MF422'],
    ['threat.detected\n', {}, ['*'], 'MF422'],
    ['__proto__', {}, ['*'], 'MF422'],
    ['', {}, ['*'], 'MF422'],
    [['order.shipped'], {}, ['*'], 'MF422'],
    ['order.shipped', 'x'.repeat(20_000), ['*'], 'MF422'],
  ];
  for (const [name, payload, scopes, code] of rows) {
    it(`refuses ${JSON.stringify(name)} with ${scopes.join()}: ${code}`, async () => {
      await assert.rejects(run(emit, 'emit', [name, payload], { scopes }), refusedWith(code));
      assert.deepEqual(emitted, []);
    });
  }

  const listener = { id: 'acme.one', scopes: ['*'], projects: ['main'] };

  it('wakes for the events of its own projects only', () => {
    const payload = { project: 'main' };
    assert.deepEqual(eventsOn(listener, 'database.row.written', payload), {
      name: 'database.row.written',
      project: 'main',
      payload,
    });
    assert.equal(eventsOn(listener, 'database.row.written', { project: 'shop' }), undefined);
    assert.equal(
      eventsOn({ ...listener, scopes: ['project.created'] }, 'database.row.written', payload),
      undefined,
    );
    assert.equal(eventsOn({ ...listener, scopes: [] }, 'database.row.written', payload), undefined);
    assert.equal(eventsOn(listener, 'database.available', { afterMs: 1 })?.project, null);
  });

  for (const name of Object.keys(eventCatalog).filter((one) => !wakingEvents.includes(one as never))) {
    it(`never wakes for ${name}`, () => {
      assert.equal(eventsOn(listener, name, { project: 'main' }), undefined);
    });
  }

  it('hears others and not itself', () => {
    const message = { id: 'acme.two', project: 'main', name: 'order.shipped', payload: '{"n":1}' };
    assert.deepEqual(eventsOn(listener, 'extension.message', message)?.payload, {
      ...message,
      payload: { n: 1 },
    });
    assert.equal(eventsOn(listener, 'extension.message', { ...message, id: 'acme.one' }), undefined);
  });
});

describe('sandbox: cache of extensions', () => {
  it('keeps copies, per extension and project', async () => {
    const cache = cacheCapability();
    const value = { n: [1] };
    await run(cache, 'set', ['k', value]);
    value.n.push(2);
    assert.deepEqual(await run(cache, 'get', ['k']), { n: [1] });
    assert.equal(await run(cache, 'get', ['k'], { project: 'shop' }), null);
    assert.equal(await run(cache, 'get', ['k'], { extension: 'acme.two' }), null);
    assert.deepEqual(await run(cache, 'delete', ['k']), { removed: true });
    assert.equal(await run(cache, 'get', ['k']), null);
    await run(cache, 'set', ['k', 1]);
    await cache.release?.('acme.one');
    assert.equal(await run(cache, 'get', ['k']), null);
  });

  it('keys of the prototype are keys', async () => {
    const cache = cacheCapability();
    for (const key of ['__proto__', 'constructor', 'toString']) {
      assert.equal(await run(cache, 'get', [key]), null);
      await run(cache, 'set', [key, JSON.parse('{"__proto__":{"polluted":true}}')]);
    }
    assert.equal(({} as { polluted?: boolean }).polluted, undefined);
  });

  it('is bounded in entries and in bytes', async () => {
    const cache = cacheCapability();
    for (let n = 0; n < 1_001; n += 1) await run(cache, 'set', [`k${n}`, n]);
    assert.equal(await run(cache, 'get', ['k0']), null);
    assert.equal(await run(cache, 'get', ['k1000']), 1000);
    await run(cache, 'set', ['big', 'x'.repeat(1024 * 1024)]);
    await run(cache, 'set', ['big2', 'x'.repeat(1024 * 1024)]);
    assert.equal(await run(cache, 'get', ['big']), null);
    assert.deepEqual(await run(cache, 'set', ['big3', 'x'.repeat(4 * 1024 * 1024)]), { kept: false });
  });

  it('forgets after the given time', async () => {
    const cache = cacheCapability();
    await run(cache, 'set', ['k', 1, { ttlSeconds: 0.001 }]);
    const until = performance.now() + 20;
    while (performance.now() < until);
    assert.equal(await run(cache, 'get', ['k']), null);
  });

  for (const args of [
    [1, 1],
    ['', 1],
    ['x'.repeat(257), 1],
    [null],
    [{}],
    ['k', 1, { ttlSeconds: -1 }],
    ['k', 1, { ttlSeconds: 1e9 }],
    ['k', 1, { ttlSeconds: '1' }],
  ]) {
    it(`refuses ${JSON.stringify(args).slice(0, 40)}`, async () => {
      await assert.rejects(run(cacheCapability(), 'set', args), refusedWith('MF422'));
    });
  }
});

describe('sandbox: catalogue for extensions', () => {
  const column = {
    name: 'id',
    type: 'bigint',
    baseType: 'int8',
    category: 'N',
    position: 1,
    dataType: 'bigint',
    maxLength: null,
    default: '1',
    nullable: false,
    hasDefault: true,
    identity: 'none',
    generated: false,
    enumValues: null,
    comment: 'inside',
  } as const;
  const table = (name: string): CatalogTable => ({
    ...fakeTable(name, ['id'], 1),
    comment: 'inside',
    rowSecurity: true,
    columns: [column],
  });
  const read = catalogReadCapability({
    read: async (project) =>
      fakeCatalog(project, 1, [
        table('orders'),
        table('salaries'),
        { ...table('orders'), schema: 'not_the_first' },
      ]),
  });

  it('shows the tables of its scope, without comments', async () => {
    const seen = await run(read, 'tables', [], { scopes: ['orders'] });
    assert.deepEqual(seen, [
      {
        schema: 'public',
        name: 'orders',
        kind: 'table',
        primaryKey: ['id'],
        columns: [{ name: 'id', type: 'bigint', nullable: false, hasDefault: true, enumValues: null }],
      },
    ]);
    assert.equal(((await run(read, 'tables', [])) as unknown[]).length, 2);
  });
});
