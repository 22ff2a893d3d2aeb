import assert from 'node:assert/strict';
import { planAction } from '../../../extensions/maggate/dialects/rest/plan/plan-action.ts';
import { FuzzyNames } from '../../../extensions/maggate/plan/hint/fuzzy-names.ts';
import { call, read } from './plan-request.ts';
import { planSchema } from './plan-schema.ts';

/** The first two are examples of the package fuzzyset for Haskell. */
const cases: [names: readonly string[], word: string, found: readonly (readonly [number, string])[]][] = [
  [
    ['Shaggy Rogers', 'Fred Jones', 'Daphne Blake', 'Velma Dinkley'],
    'Shaggy Jones',
    [
      [0.7692307692307693, 'Shaggy Rogers'],
      [0.5, 'Fred Jones'],
    ],
  ],
  [['Jurassic Park', 'Terminator', 'The Matrix'], 'percolator', [[0.6, 'Terminator']]],
  [['Projects'], 'PROJECTS', [[1, 'Projects']]],
  [['projects', 'projekts'], 'projects', [[1, 'projects']]],
  [['films', 'roles'], 'film', [[0.8, 'films']]],
  [['axb'], 'ayb', [[2 / 3, 'axb']]],
  [['ab'], 'zz', []],
  [[], 'anything', []],
  [['x'], '', []],
  [['päck', 'pack'], 'packs', [[0.8, 'pack']]],
];

describe('MagGate: the nearest name for a hint', () => {
  for (const [names, word, found] of cases) {
    it(`${word || 'nothing'} among ${names.join(', ') || 'none'}`, () => {
      const near = new FuzzyNames(names).find(word, 0.33);
      assert.deepEqual(
        near.map(({ score, name }) => [Number(score.toFixed(10)), name]),
        found.map(([score, name]) => [Number(score.toFixed(10)), name]),
      );
    });
  }

  it('is told only above its score', () => {
    assert.deepEqual(new FuzzyNames(['projects']).find('projecxx', 0.75).length, 1);
    assert.deepEqual(new FuzzyNames(['projects']).find('projexxx', 0.75).length, 0);
  });

  it('is not looked for among 500 tables and more', () => {
    const [clients] = [...planSchema().tables.values()];
    const many = Array.from({ length: 500 }, (_, at) => ({ ...clients!, name: `table_${at}` }));
    for (const [count, hint] of [
      [499, "Perhaps you meant the table 'test.table_17'"],
      [500, null],
    ] as const) {
      const tables = new Map(many.slice(0, count).map((each) => [`test\0${each.name}`, each]));
      assert.throws(() => planAction(planSchema({ tables }), read('table_17x')), { hint });
    }
  });

  it('names no table of another schema', () => {
    const hidden = { ...planSchema().tables.get('test\0clients')!, schema: 'private', name: 'secrets' };
    const tables = new Map([['private\0secrets', hidden]]);
    assert.throws(() => planAction(planSchema({ tables }), read('secretz')), {
      code: 'PGRST205',
      hint: null,
    });
  });

  it('compares no endless names: a wrong request costs little', () => {
    const long = 'projects'.repeat(20_000);
    assert.throws(() => planAction(planSchema(), read(long)), { code: 'PGRST205', hint: null });
    assert.throws(() => planAction(planSchema(), call('GET', long)), { code: 'PGRST202', hint: null });
    assert.throws(() => planAction(planSchema(), call('GET', 'sayhello', [long])), { hint: null });
  });
});
