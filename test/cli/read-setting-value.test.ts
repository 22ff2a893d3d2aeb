import { deepEqual, throws } from 'node:assert/strict';
import { readSettingValue } from '../../runtime/cli/read-setting-value.ts';
import { projectSettingDefinitions } from '../../runtime/project-settings/project-setting-definitions.ts';

const read = (name: string, text: string): unknown =>
  readSettingValue(name, text, projectSettingDefinitions[name]!);

describe('the value of a setting on the command line', () => {
  for (const [name, text, value] of [
    ['dbSchemas', 'public, shop,', ['public', 'shop']],
    ['dbSchemas', '["a,b"]', ['a,b']],
    ['dbExtraSearchPath', '', []],
    ['dbMaxRows', '1000', 1000],
    ['dbMaxRows', 'null', null],
    ['dbPlanEnabled', 'true', true],
    ['dbTxEnd', 'commit', 'commit'],
    ['dbPreRequest', 'null', null],
    ['dbPreRequest', '"null"', 'null'],
    ['limits', '{"anon":{"rows":1}}', { anon: { rows: 1 } }],
    ['jwtAud', 'https://example.com?a=b', 'https://example.com?a=b'],
    ['jwtSecret', '{"kty":"oct"}', '{"kty":"oct"}'],
    ['jwtSecret', 'null', 'null'],
  ] as const) {
    it(`${name}=${text} is ${JSON.stringify(value)}`, () => deepEqual(read(name, text), value));
  }

  for (const [name, text] of [
    ['dbMaxRows', 'many'],
    ['dbPlanEnabled', 'yes'],
    ['limits', 'anon'],
    ['dbSchemas', '["a"'],
  ] as const) {
    it(`${name}=${text} is none`, () => throws(() => read(name, text), { code: 'MF520' }));
  }
});
