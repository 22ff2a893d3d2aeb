import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { extension } from '../../extensions/maggate/extension.ts';
import { SchemaKeeper } from '../../extensions/maggate/schema-cache/schema-keeper.ts';
import type { SchemaDelta } from '../../extensions/maggate/schema-cache/schema-store.ts';
import type { Catalog } from '../../extensions/sdk/index.ts';
import { fakeContext } from '../../extensions/sdk/testing/fake-context.ts';
import { fakeCatalog, fakeTable } from './fake-catalog.ts';

const track = fakeTable('track', ['id', 'name'], 1);
const line = fakeTable('log_line', ['line'], 0);
const main = fakeCatalog('main', 1, [track, line]);

async function until(condition: () => boolean, milliseconds = 1000): Promise<void> {
  const started = Date.now();
  while (!condition()) {
    assert.ok(Date.now() - started < milliseconds, 'waited in vain');
    await pause(5);
  }
}

describe('MagGate: owner side', () => {
  it('loads main at start and says what it found', async () => {
    const context = fakeContext({ main });
    const keeper = await extension.init(context);
    await extension.start?.(keeper);
    assert.deepEqual(extension.getCapabilities?.(keeper), ['Discovered 2 tables', 'Generated 8 endpoints']);
    assert.deepEqual(extension.snapshot?.(keeper), { catalogs: [main] });
    assert.deepEqual(context.published, [{ project: 'main', catalog: main }]);
    assert.deepEqual([...context.watched], ['main']);
    await extension.stop?.(keeper);
  });

  it('starts without the schema of main when it cannot be read, and loads it later', async () => {
    const context = fakeContext({ main });
    let fails = true;
    const keeper = new SchemaKeeper({
      ...context,
      catalog: {
        watch: context.catalog.watch,
        read: (project) => (fails ? Promise.reject(new Error('locked')) : context.catalog.read(project)),
      },
      publish: context.publish,
    });
    await extension.start?.(keeper);
    const health = await extension.healthCheck?.(keeper);
    assert.deepEqual(
      [health?.status, health?.summary],
      ['degraded', 'The schema of project main is not loaded: locked'],
    );
    assert.deepEqual(extension.getCapabilities?.(keeper), []);
    await assert.rejects(async () => extension.activate?.(keeper, 'main'), { code: 'MF503' });
    fails = false;
    await until(() => keeper.get('main') !== undefined, 2000);
    await until(() => keeper.missing.length === 0);
    assert.equal((await extension.healthCheck?.(keeper))?.status, 'ok');
    assert.equal((await keeper.activate('main')).version, 1);
    keeper.stop();
  });

  it('activates another project on demand, once for many who ask', async () => {
    const other = fakeCatalog('other', 5, [track]);
    const context = fakeContext({ main, other });
    const keeper = new SchemaKeeper(context);
    const answers = await Promise.all([1, 2, 3].map(() => extension.activate?.(keeper, 'other')));
    assert.deepEqual(answers[0], { version: 5, tables: 1, endpoints: 6 });
    assert.equal(context.published.length, 1);
    await assert.rejects(keeper.activate('nowhere'), { code: 'MF508' });
    keeper.stop();
  });

  it('reads the first of a burst at once and the rest together', async () => {
    const context = fakeContext({ main });
    const keeper = new SchemaKeeper(context);
    await keeper.activate('main');
    context.change('main', fakeCatalog('main', 2, [track]));
    await until(() => context.published.length === 2, 30);
    for (let version = 3; version <= 50; version += 1) {
      context.change('main', fakeCatalog('main', version, [track]));
    }
    await until(() => context.published.length > 2);
    await pause(100);
    assert.equal(context.published.length, 3);
    assert.equal((context.published[2] as { catalog: Catalog }).catalog.version, 50);
    keeper.stop();
  });

  it('a burst that does not end is read within a second all the same', async () => {
    const context = fakeContext({ main });
    const keeper = new SchemaKeeper(context);
    await keeper.activate('main');
    const started = Date.now();
    let version = 2;
    while (context.published.length < 3 && Date.now() - started < 2000) {
      context.change('main', fakeCatalog('main', version, [track]));
      version += 1;
      await pause(10);
    }
    assert.equal(context.published.length, 3);
    assert.ok(Date.now() - started < 900);
    keeper.stop();
  });

  it('a change that comes while the last one is read is read too', async () => {
    const context = fakeContext({ main });
    let hold: Promise<void> | undefined;
    const keeper = new SchemaKeeper({
      ...context,
      catalog: {
        watch: context.catalog.watch,
        async read(project) {
          const catalog = await context.catalog.read(project);
          await hold;
          return catalog;
        },
      },
      publish: context.publish,
    });
    await keeper.activate('main');
    let release = () => {};
    hold = new Promise((resolve) => {
      release = resolve;
    });
    context.change('main', fakeCatalog('main', 2, []));
    await pause(80);
    context.change('main', fakeCatalog('main', 3, [line]));
    release();
    await until(() => keeper.get('main')?.version === 3);
    keeper.stop();
  });

  it('a reload that fails leaves the old schema in service, is told, and is tried again', async () => {
    const context = fakeContext({ main });
    let fails = false;
    const keeper = new SchemaKeeper({
      ...context,
      catalog: {
        watch: context.catalog.watch,
        read: (project) => (fails ? Promise.reject(new Error('no database')) : context.catalog.read(project)),
      },
      publish: context.publish,
    });
    await keeper.activate('main');
    fails = true;
    context.change('main', fakeCatalog('main', 2, [line]));
    await until(() => keeper.stale.length > 0);
    const health = await extension.healthCheck?.(keeper);
    assert.deepEqual(
      [health?.status, health?.summary],
      ['degraded', 'The schema of project main is not up to date: no database'],
    );
    assert.equal(keeper.get('main')?.version, 1);
    fails = false;
    await until(() => keeper.get('main')?.version === 2, 2000);
    assert.equal((await extension.healthCheck?.(keeper))?.status, 'ok');
    keeper.stop();
  });

  it('who activates while a change is under way waits for it', async () => {
    const context = fakeContext({ main });
    const keeper = new SchemaKeeper(context);
    await keeper.activate('main');
    context.change('main', fakeCatalog('main', 2, [track]));
    assert.equal((await keeper.activate('main')).version, 2);
    context.change('main', fakeCatalog('main', 3, [track]));
    context.change('main', fakeCatalog('main', 4, [track]));
    assert.equal((await keeper.activate('main')).version, 4);
    const published = context.published.length;
    await keeper.activate('main');
    assert.equal(context.published.length, published);
    keeper.stop();
  });

  it('a project that is gone leaves every replica', async () => {
    const context = fakeContext({ main });
    const keeper = new SchemaKeeper(context);
    await keeper.activate('main');
    context.change('main', null);
    await until(() => context.published.length > 1);
    assert.deepEqual(context.published[1] as SchemaDelta, { project: 'main', catalog: null });
    assert.deepEqual(keeper.snapshot(), { catalogs: [] });
    keeper.stop();
  });
});
