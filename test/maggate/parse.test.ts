import assert from 'node:assert/strict';
import { parseJson } from '../../actors/cpu/parse-json.ts';
import { quoteIdentifier } from '../../extensions/maggate/build-sql/quote-identifier.ts';
import { quoteLiteral } from '../../extensions/maggate/build-sql/quote-literal.ts';
import { rowAlias } from '../../extensions/maggate/build-sql/row-alias.ts';
import { parseFields } from '../../extensions/maggate/dialects/api/parse-fields.ts';
import { parsePath } from '../../extensions/maggate/dialects/api/parse-path.ts';
import { parseSort } from '../../extensions/maggate/dialects/api/parse-sort.ts';
import { scanFilter } from '../../extensions/maggate/dialects/api/scan-filter.ts';
import { scanQuery } from '../../extensions/maggate/dialects/api/scan-query.ts';
import { wantsMinimal } from '../../extensions/maggate/dialects/api/wants-minimal.ts';
import { splitList } from '../../extensions/maggate/parse/split-list.ts';
import { arrayLiteral } from '../../extensions/maggate/plan/array-literal.ts';
import { ShapeCache } from '../../extensions/maggate/plan/shape-cache.ts';
import type { ColumnSchema } from '../../extensions/maggate/schema-cache/column-schema.ts';
import { nearestName } from '../../extensions/maggate/schema-cache/nearest-name.ts';

describe('MagGate: parse', () => {
  const filters: readonly (readonly [text: string, operator: string, value: string, negated: boolean])[] = [
    ['admin', 'eq', 'admin', false],
    ['eq.admin', 'eq', 'admin', false],
    ['eq.gte.18', 'eq', 'gte.18', false],
    ['gte.18', 'gte', '18', false],
    ['not.gte.18', 'gte', '18', true],
    ['not.in.1,2', 'in', '1,2', true],
    ['is.null', 'is', 'null', false],
    ['1.5', 'eq', '1.5', false],
    ['', 'eq', '', false],
    ['.', 'eq', '.', false],
    ['eq.', 'eq', '', false],
    ['foo.bar', 'eq', 'foo.bar', false],
    ['EQ.x', 'eq', 'EQ.x', false],
    ['me@example.org', 'eq', 'me@example.org', false],
    ['constructor.x', 'eq', 'constructor.x', false],
  ];
  for (const [text, operator, value, negated] of filters) {
    it(`the filter value "${text}" is ${negated ? 'not ' : ''}${operator} "${value}"`, () => {
      assert.deepEqual(scanFilter('c', text), { column: 'c', operator, value, negated });
    });
  }

  it('reserved names are options, col. makes them columns', () => {
    const scanned = scanQuery(
      'sort=a&col.sort=b&col.col.x=c&limit=1&page=2&fields=f&q=t&count=exact&__proto__=p',
    );
    const { filters: found, ...options } = scanned;
    assert.deepEqual(options, {
      sort: 'a',
      limit: '1',
      page: '2',
      fields: 'f',
      q: 't',
      count: 'exact',
      further: undefined,
    });
    assert.deepEqual(
      found.map((filter) => [filter.column, filter.value]),
      [
        ['sort', 'b'],
        ['col.x', 'c'],
        ['__proto__', 'p'],
      ],
    );
  });

  it('names and values are decoded, + is a space in a query only', () => {
    const [filter] = scanQuery('two+w%6Frds=a%2Bb+c%26').filters;
    assert.deepEqual([filter?.column, filter?.value], ['two words', 'a+b c&']);
    assert.deepEqual(parsePath('/a+b%20c/1+2'), { kind: 'row', table: 'a+b c', id: '1+2' });
  });

  it('sort terms', () => {
    assert.deepEqual(parseSort('created_at:desc,name, id:asc:nullslast,"a,b:c":desc,"q\\"x"'), [
      { column: 'created_at', descending: true, nulls: undefined },
      { column: 'name', descending: false, nulls: undefined },
      { column: 'id', descending: false, nulls: 'last' },
      { column: 'a,b:c', descending: true, nulls: undefined },
      { column: 'q"x', descending: false, nulls: undefined },
    ]);
  });

  it('fields', () => {
    assert.deepEqual(parseFields('id, name,"a,b"'), ['id', 'name', 'a,b']);
  });

  it('lists divide at commas outside quotes', () => {
    const texts = (list: string) => splitList(list)?.map((item) => item.text);
    assert.deepEqual(texts('a,b'), ['a', 'b']);
    assert.deepEqual(texts(''), ['']);
    assert.deepEqual(texts('a,'), ['a', '']);
    assert.deepEqual(texts('"a,b",c'), ['a,b', 'c']);
    assert.deepEqual(texts('"a\\"b\\\\",'), ['a"b\\', '']);
    assert.deepEqual(texts('a"b,c'), ['a"b', 'c']);
    assert.equal(texts('"a'), undefined);
    assert.equal(texts('"a\\"'), undefined);
  });

  it('Prefer', () => {
    for (const value of [
      'return=minimal',
      'respond-async, return=minimal',
      'return = "minimal"; foo',
      'RETURN=MINIMAL',
    ]) {
      assert.equal(wantsMinimal({ prefer: value }), true, value);
    }
    for (const value of ['return=representation', 'xreturn=minimal', 'return=minimalist', '']) {
      assert.equal(wantsMinimal({ prefer: value }), false, value);
    }
  });

  it('array literals', () => {
    const literal = (json: string, type: string) => {
      const list = parseJson(json);
      assert.ok(list.kind === 'array');
      return arrayLiteral(list, type);
    };
    assert.equal(literal('[1,null,"a\\"b\\\\"]', '_text'), '{1,NULL,"a\\"b\\\\"}');
    assert.equal(literal('[[1],[2]]', '_int4'), '{{1},{2}}');
    assert.equal(literal('[[1], {"a":1}]', '_jsonb'), '{"[1]","{\\"a\\":1}"}');
    assert.equal(literal('["(1,1),(0,0)","(2,2),(0,0)"]', '_box'), '{"(1,1),(0,0)";"(2,2),(0,0)"}');
    assert.equal(literal('[{"a":1}]', '_address'), undefined);
  });

  const meant: readonly (readonly [word: string, names: readonly string[], nearest: string | undefined])[] = [
    ['trakc', ['track', 'tag'], 'track'],
    ['TRACK', ['track'], 'track'],
    ['tracks', ['track'], 'track'],
    ['milisecond', ['milliseconds'], 'milliseconds'],
    ['nmae', ['name'], 'name'],
    ['nam', ['name'], 'name'],
    ['xy', ['id'], undefined],
    ['id', ['ab'], undefined],
    ['ab', ['abc'], 'abc'],
    ['user', ['role'], undefined],
    ['warehouse', ['track'], undefined],
    ['x'.repeat(65), ['x'.repeat(64)], undefined],
    ['', ['a'], undefined],
  ];
  for (const [word, names, nearest] of meant) {
    it(`"${word.slice(0, 12)}" among ${names.map((name) => name.slice(0, 12)).join(', ')} means ${nearest}`, () => {
      assert.equal(nearestName(word, names), nearest);
    });
  }

  it('identifiers and literals are quoted', () => {
    assert.equal(quoteIdentifier('a"b'), '"a""b"');
    assert.equal(quoteLiteral("a'b"), "'a''b'");
    assert.equal(quoteLiteral("a'\\b"), " E'a''\\\\b'");
  });

  it('the alias of a row is no name of a column', () => {
    const columns = ['r', 'r_', 'x'].map((name) => ({ name })) as unknown as readonly ColumnSchema[];
    assert.equal(rowAlias(columns), 'r__');
  });

  it('the shape cache keeps what is used and stays bounded', () => {
    const cache = new ShapeCache<number>(10);
    cache.set('hot', 1);
    for (let index = 0; index < 1000; index += 1) {
      cache.set(`cold ${index}`, index);
      assert.equal(cache.get('hot'), 1);
      assert.ok(cache.size <= 20);
    }
    assert.equal(cache.get('cold 1'), undefined);
  });
});
