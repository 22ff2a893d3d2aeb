import assert from 'node:assert/strict';
import { settingsOfConfig } from './config/settings-of-config.ts';

const rows: readonly [string, Readonly<Record<string, unknown>>, readonly string[]][] = [
  ['baseCfg', {}, []],
  ['', {}, []],
  ['baseCfg { configDbMaxRows = Just 2 }', { dbMaxRows: 2 }, []],
  ['baseCfg { configDbAnonRole = Nothing, configDbAggregates = True }', withoutAnon(), []],
  [
    'baseCfg { configDbSchemas = fromList ["v1", "SPECIAL \\"@/\\\\#~_-", "\\1578\\&1"] }',
    { dbSchemas: ['v1', 'SPECIAL "@/\\#~_-', 'ت1'] },
    [],
  ],
  [
    'baseCfg { configDbPreRequest = Just $ QualifiedIdentifier mempty "f", configDbRootSpec = Just (QualifiedIdentifier "s" "g") }',
    { dbPreRequest: 'f', dbRootSpec: 's.g' },
    [],
  ],
  ['baseCfg { configDbPreRequest = toQi "a.b" }', { dbPreRequest: 'a.b' }, []],
  [
    '(baseCfg { configDbTxRollbackAll = False }) { configDbTxAllowOverride = False }',
    { dbTxEnd: 'commit' },
    [],
  ],
  ['baseCfg { configDbTxAllowOverride = False }', { dbTxEnd: 'rollback' }, []],
  ['baseCfg { configAppSettings = [("app.settings.x", "y" <> "z")] }', { appSettings: { x: 'yz' } }, []],
  [
    'baseCfg { configJwtSecret = Just generateSecret, configJWKS = rightToMaybe $ parseSecret generateSecret }',
    {},
    [],
  ],
  ['baseCfg { configJWKS = rightToMaybe . parseSecret $ encodeUtf8 "{}" }', { jwtSecret: '{}' }, []],
  [
    'baseCfg { configJwtSecret = Just jwk, configJWKS = rightToMaybe $ parseSecret jwk }',
    {},
    ['configJwtSecret: its value is not here'],
  ],
  [
    'baseCfg { configJwtRoleClaimKey = fromRight\' $ pRoleClaimKey "$.a.b", configOpenApiMode = OADisabled }',
    { jwtRoleClaimKey: '$.a.b', openapiMode: 'disabled' },
    [],
  ],
  [
    'baseCfg { configJwtRoleClaimKey = Left [JSPKey "app-roles", JSPIdx 0, JSPFilter (StartsWithCond "x")] }',
    { jwtRoleClaimKey: '."app-roles"[0][?(@ ^== "x")]' },
    [],
  ],
  ['baseCfg { configDbPoolSize = 3, configNew = True }', {}, ['configNew has no setting']],
  ['otherCfg { configDbMaxRows = Nothing }', {}, ['otherCfg is not known, the base configuration is taken']],
];

function withoutAnon(): Readonly<Record<string, unknown>> {
  return { dbAnonRole: null, dbAggregatesEnabled: true };
}

describe('a configuration of a specification', () => {
  const base = settingsOfConfig('baseCfg').settings;
  for (const [config, different, remarks] of rows) {
    it(`is understood: ${config === '' ? 'an empty one' : config}`, () => {
      const { settings, remarks: said } = settingsOfConfig(config);
      assert.deepEqual(settings, { ...base, ...different });
      assert.deepEqual(said, remarks);
    });
  }

  it('is refused when it is none', () => {
    assert.throws(() => settingsOfConfig('baseCfg { configDbMaxRows }'), SyntaxError);
  });
});
