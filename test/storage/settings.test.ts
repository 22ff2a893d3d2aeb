import { deepEqual, equal, ok, rejects, throws } from 'node:assert/strict';
import { changeDataApiSettings } from '../../actors/storage/settings/change-data-api-settings.ts';
import { defaultDataApiSettings } from '../../actors/storage/settings/default-data-api-settings.ts';
import { readDataApiSettings } from '../../actors/storage/settings/read-data-api-settings.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { checkSettingChanges } from '../../runtime/project-settings/check-setting-changes.ts';
import { projectSettingDefinitions } from '../../runtime/project-settings/project-setting-definitions.ts';
import type { QueryRequest } from '../../runtime/protocol/storage.protocol.ts';
import { FakeStorage } from '../support/fake-storage.ts';

const many = Array.from({ length: 101 }, (_, index) => `s${index}`);

const accepted: readonly (readonly [name: string, value: unknown])[] = [
  ['dbSchemas', ['test', 'v1', 'SPECIAL "@/\\#~_-', 'تست']],
  ['dbSchemas', ['myapp_auth']],
  ['dbExtraSearchPath', []],
  ['dbMaxRows', 0],
  ['dbMaxRows', 2_147_483_647],
  ['dbPreRequest', 'test.switch_role'],
  ['dbPreRequest', 'switch_role'],
  ['dbTxEnd', 'rollback-allow-override'],
  ['dbHoistedTxSettings', ['work_mem', 'app.x']],
  ['openapiServerProxyUri', 'https://api.example.com/base?x=1'],
  ['serverCorsAllowedOrigins', ['*', 'http://localhost:3000']],
  ['serverTraceHeader', 'X-Request-Id'],
  ['appSettings', { app_host: 'localhost', empty: '' }],
  ['limits', { anon: { cost: 1e6, depth: 0 }, '*': { timeMs: 5, rows: 1, bytes: 1 } }],
  ['dbAnonRole', null],
  ['jwtCacheMaxEntries', 0],
];

const refused: readonly (readonly [name: string, value: unknown, says: RegExp])[] = [
  ['dbSchemas', [], /^dbSchemas: \[\] is not possible/],
  ['dbSchemas', 'public', /"public" is not possible/],
  ['dbSchemas', ['a', 'a'], /not possible/],
  ['dbSchemas', [''], /not possible/],
  ['dbSchemas', ['a\0'], /not possible/],
  ['dbSchemas', ['x'.repeat(64)], /not possible/],
  ['dbSchemas', many, /not possible/],
  ['dbSchemas', ['public', 'mg_sys'], /"mg_sys" is never part of an API/],
  ['dbSchemas', ['pg_catalog'], /"pg_catalog" is never/],
  ['dbSchemas', ['pg_temp'], /"pg_temp" is never/],
  ['dbSchemas', ['information_schema'], /"information_schema" is never/],
  ['dbSchemas', ['auth'], /"auth" is never/],
  ['dbExtraSearchPath', ['public', 'mg_sys'], /"mg_sys" is never/],
  ['dbExtraSearchPath', ['pg_toast'], /"pg_toast" is never/],
  ['dbAggregatesEnabled', 'yes', /"yes" is not possible/],
  ['dbPlanEnabled', 1, /1 is not possible/],
  ['dbMaxRows', -1, /-1 is not possible/],
  ['dbMaxRows', 1.5, /1.5 is not possible/],
  ['dbMaxRows', '10', /"10" is not possible/],
  ['dbPreRequest', 'a.b.c', /not possible/],
  ['dbPreRequest', 'f"; drop table x; --', /not possible/],
  ['dbTxEnd', 'never', /"never" is not possible/],
  ['dbHoistedTxSettings', ['role; reset'], /not possible/],
  ['clientErrorVerbosity', 'loud', /not possible/],
  ['openapiMode', 'on', /not possible/],
  ['openapiServerProxyUri', 'javascript:alert(1)', /not possible/],
  ['serverCorsAllowedOrigins', ['example.com'], /not possible/],
  ['serverCorsAllowedOrigins', ['https://example.com/path'], /not possible/],
  ['serverTraceHeader', 'X Header', /not possible/],
  ['serverTraceHeader', 'Authorization', /Authorization is never sent back/],
  ['serverTraceHeader', 'set-cookie', /set-cookie is never sent back/],
  ['appSettings', { 'a b': 'c' }, /not possible/],
  ['appSettings', { a: 1 }, /not possible/],
  ['limits', { anon: { costs: 1 } }, /not possible/],
  ['limits', { anon: { rows: 0 } }, /not possible/],
  ['dbAnonRole', 'none', /"none" is no role/],
  ['dbAnonRole', '', /not possible/],
  ['jwtCacheMaxEntries', 100_001, /not possible/],
  ['db-max-rows', 1, /There is no setting "db-max-rows"/],
  ['toString', 1, /There is no setting/],
  ['__proto__x', 1, /There is no setting/],
];

function check(name: string, value: unknown): MagFlockError | undefined {
  try {
    checkSettingChanges(projectSettingDefinitions, { [name]: value });
    return undefined;
  } catch (thrown) {
    return MagFlockError.from(thrown);
  }
}

describe('settings of a project', () => {
  for (const [name, value] of accepted) {
    it(`may be ${name} = ${JSON.stringify(value)}`, () => equal(check(name, value)?.message, undefined));
  }

  for (const [name, value, says] of refused) {
    it(`may not be ${name} = ${JSON.stringify(value).slice(0, 60)}`, () => {
      const error = check(name, value);
      equal(error?.code, 'MF520');
      ok(says.test(error.message), error.message);
      ok(error.fix !== undefined && error.message.length < 200);
    });
  }

  it('say which name was meant, also when it is spelt as PostgREST does', () => {
    equal(check('db-max-rows', 1)?.fix, 'Did you mean dbMaxRows?');
    equal(check('dbSchema', ['a'])?.fix, 'Did you mean dbSchemas?');
  });

  it('have a default that is allowed, and an example that is', () => {
    for (const [name, { default: value }] of Object.entries(projectSettingDefinitions)) {
      equal(check(name, value)?.message, undefined, name);
    }
  });

  it('never show a secret that is refused', () => {
    const error = check('jwtSecret', ['hunter2']);
    ok(error !== undefined && !JSON.stringify(error.toEnvelope()).includes('hunter2'));
  });

  it('are set and unset, null unsetting what cannot be null', () => {
    const changes = { dbMaxRows: 5, dbTxEnd: null, dbAnonRole: null, dbSchemas: ['public'] };
    deepEqual(checkSettingChanges(projectSettingDefinitions, changes), {
      set: { dbMaxRows: 5, dbAnonRole: null },
      unset: ['dbTxEnd', 'dbSchemas'],
    });
  });
});

describe('settings of the data API in the database', function () {
  this.timeout(40_000);
  let storage: FakeStorage;
  let pools: Parameters<typeof changeDataApiSettings>[0];

  before(async () => {
    storage = await FakeStorage.create(['main', 'shop']);
    pools = {
      query: (database, statement) => storage.ask('query', { database, ...statement } satisfies QueryRequest),
    };
  });
  after(() => storage.close());

  const version = async (project: string): Promise<number> => {
    const rows = await storage.sql(
      `project:${project}`,
      'select count(*)::int as n from mg_sys.schema_changes',
    );
    return rows[0].n;
  };

  it('are the defaults at first', async () => {
    deepEqual(await readDataApiSettings(pools, 'main'), defaultDataApiSettings);
    deepEqual(defaultDataApiSettings.dbSchemas, ['public']);
  });

  it('change those that are named, of that project alone, and count as a change of its schema', async () => {
    const before = [await version('main'), await version('shop')];
    await changeDataApiSettings(pools, 'main', { dbMaxRows: 7, dbSchemas: ['a', 'b'] });
    const changed = await changeDataApiSettings(pools, 'main', { dbMaxRows: null, appSettings: { k: 'v' } });
    deepEqual(changed, { ...defaultDataApiSettings, dbSchemas: ['a', 'b'], appSettings: { k: 'v' } });
    deepEqual(await readDataApiSettings(pools, 'main'), changed);
    deepEqual(await readDataApiSettings(pools, 'shop'), defaultDataApiSettings);
    deepEqual([await version('main'), await version('shop')], [before[0]! + 2, before[1]]);
  });

  it('change all or none', async () => {
    const before = await readDataApiSettings(pools, 'main');
    await rejects(changeDataApiSettings(pools, 'main', { dbMaxRows: 9, dbSchemas: ['mg_sys'] }), {
      code: 'MF520',
    });
    deepEqual(await readDataApiSettings(pools, 'main'), before);
  });

  it('never hold the secret of tokens, whoever asks', async () => {
    throws(() => checkSettingChanges({}, { jwtSecret: 'x' }), { code: 'MF520' });
    await rejects(changeDataApiSettings(pools, 'main', { jwtSecret: 'x'.repeat(32) }), { code: 'MF520' });
    await rejects(
      storage.sql('control', `insert into cp_core.token_settings values ('main', '{"jwtSecret": "x"}')`),
      /token_settings/,
    );
  });
});
