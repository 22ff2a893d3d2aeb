import { deepEqual, equal, notEqual, throws } from 'node:assert/strict';
import { compileDataSchema } from '../../extensions/maggate/schema-cache/compile-data-schema.ts';
import { mergeCatalog } from '../../extensions/maggate/schema-cache/merge-catalog.ts';
import { nameKey } from '../../extensions/maggate/schema-cache/name-key.ts';
import { SchemaKeeper } from '../../extensions/maggate/schema-cache/schema-keeper.ts';
import { type SchemaDelta, SchemaStore } from '../../extensions/maggate/schema-cache/schema-store.ts';
import type { Catalog, CatalogRoutine } from '../../extensions/sdk/index.ts';
import { fakeContext } from '../../extensions/sdk/testing/fake-context.ts';
import { fakeCatalog, fakeTable } from './fake-catalog.ts';

const one = { ...fakeTable('one', ['id'], 1), id: 1 };
const two = { ...fakeTable('two', ['id'], 1), id: 2 };
const routine = (name: string, ...parameters: string[]): CatalogRoutine => ({
  schema: 'public',
  name,
  comment: null,
  parameters: parameters.map((text) => {
    const [parameter = '', type = ''] = text.split(' ');
    return { name: parameter, type, typeMaxLength: type, required: true, variadic: false };
  }),
  returns: { setOf: false, composite: false, isAlias: false, schema: 'pg_catalog', name: 'int4' },
  volatility: 'volatile',
  variadic: false,
  settings: [
    ['statement_timeout', '3s'],
    ['work_mem', '1MB'],
    ['default_transaction_isolation', 'SERIALIZABLE'],
  ],
});
const first: Catalog = {
  ...fakeCatalog('main', 1, [one, two]),
  routines: [routine('f', 'a int')],
  digests: { t1: 'a', t2: 'b', routines: 'r' },
};
/** What Storage answers when `two` got another column. */
const wider = { ...fakeTable('two', ['id', 'more'], 1), id: 2 };
const news: Catalog = {
  ...fakeCatalog('main', 2, [wider]),
  digests: { t1: 'a', t2: 'c', routines: 'r' },
  unchanged: ['t1', 'routines'],
};

describe('MagGate: schema cache', () => {
  it('news are merged with what is known, unchanged parts as the same objects', () => {
    const merged = mergeCatalog(first, news);
    deepEqual(merged.tables, [one, wider]);
    equal(merged.tables[0], one);
    equal(merged.routines, first.routines);
    deepEqual([merged.version, merged.unchanged], [2, []]);
  });

  it('a table that is neither new nor unchanged is gone', () => {
    const gone = { ...news, tables: [], digests: { t1: 'a', routines: 'r' } };
    deepEqual(mergeCatalog(first, gone).tables, [one]);
  });

  it('news of another catalogue are refused', () => {
    throws(() => mergeCatalog(undefined, news), TypeError);
    throws(() => mergeCatalog({ ...first, tables: [two] }, news), TypeError);
  });

  it('a replica swaps the schema as a whole and compiles only what changed', () => {
    const store = new SchemaStore();
    store.applySnapshot({ catalogs: [first] });
    const before = store.data('main');
    store.applyDelta({ project: 'main', catalog: news });
    const after = store.data('main');
    deepEqual([before?.version, after?.version, after?.tables.size], [1, 2, 2]);
    equal(after?.tables.get(nameKey('public', 'one')), before?.tables.get(nameKey('public', 'one')));
    notEqual(after?.tables.get(nameKey('public', 'two')), before?.tables.get(nameKey('public', 'two')));
    equal(store.data('main'), after);
    equal(store.get('main')?.tables.get('two')?.columns.length, 2);
    store.applyDelta({ project: 'main', catalog: null });
    deepEqual([store.get('main'), store.data('main')], [undefined, undefined]);
  });

  it('the first exposed schema has the endpoints of /api', () => {
    const store = new SchemaStore();
    const settings = { ...first.settings, dbSchemas: ['other', 'public'] };
    const other = { ...fakeTable('three', ['id'], 1), id: 3, schema: 'other' };
    store.applySnapshot({ catalogs: [{ ...first, settings, tables: [one, other] }] });
    deepEqual([...(store.get('main')?.tables.keys() ?? [])], ['three']);
    deepEqual([...(store.data('main')?.tables.keys() ?? [])], ['public\0one', 'other\0three']);
  });

  it('overloads come with the fewest parameters first, then by their names and types', () => {
    const routines = [
      routine('f', 'b int', 'a int'),
      routine('f', 'a text'),
      routine('f', 'a int'),
      routine('f'),
    ];
    const { routines: compiled } = compileDataSchema({ ...first, routines });
    deepEqual(
      compiled
        .get(nameKey('public', 'f'))
        ?.map(({ parameters }) => parameters.map(({ name, type }) => `${name} ${type}`)),
      [[], ['a int'], ['a text'], ['b int', 'a int']],
    );
  });

  it('of the settings of a function the hoisted ones and its isolation are kept', () => {
    const settings = { ...first.settings, dbHoistedTxSettings: ['statement_timeout'] };
    const [compiled] = compileDataSchema({ ...first, settings }).routines.get(nameKey('public', 'f')) ?? [];
    deepEqual([compiled?.settings, compiled?.isolation], [[['statement_timeout', '3s']], 'serializable']);
  });

  it('handlers of media types are found by relation, those of any relation by none', () => {
    const handler = { schema: 'public', name: 'h', mediaType: 'text/x', resolvedMediaType: 'text/x' };
    const { mediaHandlers } = compileDataSchema({
      ...first,
      mediaHandlers: [
        { ...handler, target: null },
        {
          ...handler,
          target: { schema: 'public', name: 'one' },
          mediaType: '*/*',
          resolvedMediaType: 'application/octet-stream',
        },
      ],
    });
    equal(mediaHandlers.get('\0\0text/x')?.relation, null);
    equal(mediaHandlers.get('public\0one\0*/*')?.mediaType, 'application/octet-stream');
  });

  it('the owner side asks for what differs, publishes that alone and keeps the whole', async () => {
    const context = fakeContext({ main: first });
    const asked: unknown[] = [];
    const keeper = new SchemaKeeper({
      ...context,
      catalog: {
        watch: context.catalog.watch,
        read(_project, known) {
          asked.push(known);
          return known === undefined ? Promise.resolve(first) : Promise.resolve(news);
        },
      },
      publish: context.publish,
    });
    await keeper.begin('main');
    context.change('main', first);
    const catalog = await keeper.activate('main');
    deepEqual(asked, [undefined, first.digests]);
    deepEqual(
      (context.published as SchemaDelta[]).map((delta) => delta.catalog?.tables.length),
      [2, 1],
    );
    deepEqual(catalog.tables, [one, wider]);
    deepEqual(keeper.snapshot().catalogs[0]?.tables, [one, wider]);
    keeper.stop();
  });

  it('after a failed push everything is published', async () => {
    const context = fakeContext({ main: first });
    let fails = true;
    const published: SchemaDelta[] = [];
    const keeper = new SchemaKeeper({
      ...context,
      catalog: {
        watch: context.catalog.watch,
        read: async (_project, known) =>
          known?.['t2'] === 'b'
            ? news
            : known === undefined
              ? first
              : { ...news, tables: [], unchanged: ['t1', 't2', 'routines'] },
      },
      async publish(delta) {
        published.push(delta as SchemaDelta);
        if (published.length === 2 && fails) {
          fails = false;
          throw new Error('a replica is gone');
        }
      },
    });
    await keeper.begin('main');
    context.change('main', first);
    await keeper.activate('main');
    // The failure lets its waiters go; the next look waits for the repeated push.
    await keeper.activate('main');
    deepEqual(
      published.map(({ catalog }) => catalog?.tables.length),
      [2, 1, 2],
    );
    keeper.stop();
  });
});
