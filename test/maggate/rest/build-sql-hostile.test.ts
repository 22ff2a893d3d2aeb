import assert from 'node:assert/strict';
import { castSql } from '../../../extensions/maggate/build-sql/tree/cast-sql.ts';
import type { ActionPlan } from '../../../extensions/maggate/dialects/rest/action-plan.ts';
import {
  type Bed,
  embedded,
  field,
  filter,
  node,
  openBed,
  readPlan,
  select,
  shown,
} from './build-sql-bed.ts';

/** Texts that would do harm if any of them became SQL. */
const payloads = [
  "'; drop table api.canary; --",
  '"; drop table api.canary; --',
  '"); drop table api.canary; --',
  'int); drop table api.canary; --',
  'int) from api.canary; drop table api.canary; --',
  '\\"; drop table api.canary; --',
  '$1); drop table api.canary; --',
  '$$; drop table api.canary; $$',
  'a$$b',
  'text/**/as/**/x',
  'int -- ',
  "U&'\\0041'",
  'x" , (select 1) as "y',
  '(select 1)',
  'int[1]); --',
  '%',
  '\n;',
  '\0"; drop table api.canary; --',
  'a\0b',
  '',
  '*',
  '日本"語',
];

const harmless = 'name';

/** A plan with a text of the caller in one place. */
const places: Readonly<Record<string, (text: string) => ActionPlan>> = {
  'a column': (text) => readPlan(node('canary', { select: [select('id'), select(`x${text}`)] })),
  'an alias': (text) => readPlan(node('canary', { select: [select('id', { alias: text })] })),
  'an order': (text) =>
    readPlan(
      node('canary', {
        order: [{ relation: undefined, field: field(`x${text}`), direction: 'asc', nulls: undefined }],
      }),
    ),
  'a filter': (text) =>
    readPlan(node('canary', { where: [filter(`x${text}`, { kind: 'is', value: 'null' })] })),
  'a group': (text) =>
    readPlan(
      node('canary', { select: [select('id', { alias: text }), select('id', { aggregate: 'count' })] }),
    ),
  'the alias of a relation': (text) => {
    const child = embedded('canary', 'canary', [['id', 'id']], { alias: text });
    return readPlan(node('canary', { children: [child], relationSelect: [shown(child, 'array')] }));
  },
  'a spread': (text) => {
    const spread = { kind: 'to-many', extraSelect: [], order: [] } as const;
    const child = embedded('canary', 'canary', [['id', 'id']], {
      spread,
      select: [select('id', { alias: text })],
    });
    const columns = [{ name: `x${text}`, aggregate: undefined, aggregateCast: undefined, alias: text }];
    const relation = { kind: 'spread', alias: child.aggregateAlias, columns } as const;
    return readPlan(node('canary', { children: [child], relationSelect: [relation] }));
  },
};

/** A plan with a text of the caller as a value: it must not be seen in the statement. */
const values: Readonly<Record<string, (text: string) => ActionPlan>> = {
  'a value': (value) =>
    readPlan(node('canary', { where: [filter('word', { kind: 'simple', operator: 'neq', value })] })),
  'a pattern': (value) =>
    readPlan(
      node('canary', {
        where: [filter('word', { kind: 'quant', operator: 'like', quantifier: undefined, value })],
      }),
    ),
  'an item of a list': (value) =>
    readPlan(node('canary', { where: [filter('word', { kind: 'in', values: ['x', value] })] })),
  'a key of JSON': (value) =>
    readPlan(
      node('canary', {
        select: [select(field('doc', { jsonPath: [{ kind: 'key', text: true, value }] }), { alias: 'x' })],
      }),
    ),
  'an index of JSON': (value) =>
    readPlan(
      node('canary', {
        select: [select(field('doc', { jsonPath: [{ kind: 'index', text: false, value }] }), { alias: 'x' })],
      }),
    ),
  'a language': (language) =>
    readPlan(
      node('canary', {
        where: [
          filter(field('word', { toTsVector: language }), {
            kind: 'fts',
            operator: 'plfts',
            language,
            value: 'x',
          }),
        ],
      }),
    ),
};

/** The statement without what stands in quotes: the same for every name. */
const skeleton = (plan: ActionPlan, bed: Bed) => bed.build(plan).text.replaceAll(/"(?:[^"]|"")*"/g, '"…"');

describe('MagGate: SQL of PostgREST requests under attack', () => {
  let bed: Bed;
  before(async function () {
    this.timeout(60_000);
    bed =
      await openBed(`create schema api; create table api.canary (id int primary key, word text, doc jsonb);
      insert into api.canary values (1, 'one', '{}')`);
  });
  after(() => bed.close());

  const runs = async (plan: ActionPlan) => {
    // It may be refused, but by PostgreSQL's analysis of names and values.
    await bed.run(plan).catch((error: { code: string }) => assert.match(error.code, /^(42|22)/));
    assert.deepEqual(await bed.rows('select id from api.canary'), [{ id: '1' }]);
  };

  for (const [place, plan] of Object.entries(places)) {
    it(`${place} stays one quoted name`, async () => {
      for (const payload of payloads) {
        assert.equal(skeleton(plan(payload), bed), skeleton(plan(harmless), bed), JSON.stringify(payload));
        assert.ok(!bed.build(plan(payload)).text.includes('\0'));
        await runs(plan(payload));
      }
    });
  }

  for (const [place, plan] of Object.entries(values)) {
    it(`${place} is a parameter`, async () => {
      const { text } = bed.build(plan(harmless));
      for (const payload of payloads) {
        assert.equal(bed.build(plan(payload)).text, text);
        await runs(plan(payload));
      }
    });
  }

  it('a cast is a type name of words, or one quoted name', async () => {
    for (const payload of payloads) {
      const { text } = bed.build(readPlan(node('canary', { select: [select('id', { cast: payload })] })));
      assert.match(text, /SELECT CAST\( "api"\."canary"\."id" AS "(?:[^"\0]|"")*" \) FROM "api"\."canary"\)/);
      await runs(readPlan(node('canary', { select: [select('id', { cast: payload })] })));
      await runs(
        readPlan(
          node('canary', {
            select: [select('id', { aggregate: 'sum', aggregateCast: payload, alias: 'x' })],
          }),
        ),
      );
    }
  });

  const casts = [
    'int',
    'TEXT',
    'double precision',
    'character varying(2)',
    'numeric(10,2)',
    'numeric(10, 2)',
    'text[]',
    'timestamp(3) with time zone',
    'time without time zone',
    '_text',
  ];
  for (const type of casts) {
    it(`a cast to ${type} is left to the grammar of PostgreSQL`, async () => {
      assert.equal(castSql('null', type), `CAST( null AS ${type} )`);
      assert.equal((await bed.rows(`select ${castSql('null', type)} as x`)).length, 1);
    });
  }

  it('a cast of many words is judged in no time', () => {
    assert.match(castSql('x', `${'a '.repeat(20_000)}(`), /^CAST\( x AS "a a /);
  });

  it('a type that does not exist is told by its name', async () => {
    const plan = readPlan(node('canary', { select: [select('id', { cast: 'fakecolumntype' })] }));
    await assert.rejects(bed.run(plan), { code: '42704', message: 'type "fakecolumntype" does not exist' });
  });
});
