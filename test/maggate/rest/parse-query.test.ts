import assert from 'node:assert/strict';
import type { SelectNode } from '../../../extensions/maggate/query/query-params.ts';
import { parse, refusal } from './parse-request.ts';

describe('MagGate: /rest/v1 parses the query', () => {
  describe('select', () => {
    /** A compact notation of a select list, so that a row fits a line. */
    const shown = (nodes: readonly SelectNode[]): string => nodes.map(shownNode).join(' ');
    const shownNode = (node: SelectNode): string => {
      if (node.kind !== 'field') {
        const alias = node.kind === 'spread' ? '...' : node.alias === undefined ? '' : `${node.alias}=`;
        return `${alias}${node.relation}[hint ${node.hint}, join ${node.join}](${shown(node.select)})`;
      }
      const path = node.field.jsonPath.map((step) => `${step.text ? '->>' : '->'}${step.kind} ${step.value}`);
      const parts = [node.alias, node.cast, node.aggregate, node.aggregateCast].map((part) => part ?? '-');
      return `<${node.field.name}${path.join('')}|${parts.join('|')}>`;
    };
    const rows: readonly (readonly [select: string, expected: string])[] = [
      ['', ''],
      ['*', '<*|-|-|-|->'],
      ['id,full_name', '<id|-|-|-|-> <full_name|-|-|-|->'],
      [' id , name ', '<id|-|-|-|-> <name|-|-|-|->'],
      ['alias:name::text', '<name|alias|text|-|->'],
      ['a-b,with space,"x,y"', '<a-b|-|-|-|-> <with space|-|-|-|-> <x,y|-|-|-|->'],
      ['"a\\"b"', '<a"b|-|-|-|->'],
      ['данные,名前', '<данные|-|-|-|-> <名前|-|-|-|->'],
      ['data->a->>b', '<data->key a->>key b|-|-|-|->'],
      ['data->0->>-1', '<data->index 0->>index -1|-|-|-|->'],
      ['data->"a.b"::int', '<data->key a.b|-|int|-|->'],
      ['data->a-b', '<data->key a-b|-|-|-|->'],
      ['count()', '<*|-|-|count|->'],
      ['n:count()::text', '<*|n|-|count|text>'],
      ['amount.sum()', '<amount|-|-|sum|->'],
      ['t:amount::int.max()::text', '<amount|t|int|max|text>'],
      ['rel(*)', 'rel[hint undefined, join undefined](<*|-|-|-|->)'],
      ['rel()', 'rel[hint undefined, join undefined]()'],
      [
        'a:rel!fk!inner(id,sub(x))',
        'a=rel[hint fk, join inner](<id|-|-|-|-> sub[hint undefined, join undefined](<x|-|-|-|->))',
      ],
      ['rel!left!fk(*)', 'rel[hint fk, join left](<*|-|-|-|->)'],
      ['...rel!fk(a)', '...rel[hint fk, join undefined](<a|-|-|-|->)'],
      // As with the original, what is left over is ignored.
      ['id)x', '<id|-|-|-|->'],
    ];
    for (const [select, expected] of rows) {
      it(`"${select}"`, () => {
        assert.equal(shown(parse(`/t?select=${encodeURIComponent(select)}`).query.select), expected);
      });
    }

    it('everything without select=, and the first of two', () => {
      assert.equal(shown(parse('/t').query.select), '<*|-|-|-|->');
      assert.equal(shown(parse('/t?select=a&select=b').query.select), '<a|-|-|-|->');
    });
  });

  describe('filters', () => {
    const rows: readonly (readonly [value: string, negated: boolean, operation: object])[] = [
      ['eq.5', false, { kind: 'quant', operator: 'eq', quantifier: undefined, value: '5' }],
      ['eq.', false, { kind: 'quant', operator: 'eq', quantifier: undefined, value: '' }],
      ['eq.a.b,c)', false, { kind: 'quant', operator: 'eq', quantifier: undefined, value: 'a.b,c)' }],
      ['not.gte.5', true, { kind: 'quant', operator: 'gte', quantifier: undefined, value: '5' }],
      ['like(any).{a*,b*}', false, { kind: 'quant', operator: 'like', quantifier: 'any', value: '{a*,b*}' }],
      ['not.eq(all).{1}', true, { kind: 'quant', operator: 'eq', quantifier: 'all', value: '{1}' }],
      ['neq.5', false, { kind: 'simple', operator: 'neq', value: '5' }],
      ['cs.{1,2}', false, { kind: 'simple', operator: 'cs', value: '{1,2}' }],
      ['in.(1,2)', false, { kind: 'in', values: ['1', '2'] }],
      ['in.()', false, { kind: 'in', values: [''] }],
      ['in.("a,b","c\\"d",e"f)', false, { kind: 'in', values: ['a,b', 'c"d', 'e"f'] }],
      ['is.null', false, { kind: 'is', value: 'null' }],
      ['not.is.NOT_NULL', true, { kind: 'is', value: 'not_null' }],
      ['is.tRuE', false, { kind: 'is', value: 'true' }],
      ['isdistinct.x', false, { kind: 'isdistinct', value: 'x' }],
      ['fts.a', false, { kind: 'fts', operator: 'fts', language: undefined, value: 'a' }],
      ['wfts(english).a b', false, { kind: 'fts', operator: 'wfts', language: 'english', value: 'a b' }],
    ];
    for (const [value, negated, operation] of rows) {
      it(`"${value}"`, () => {
        assert.deepEqual(parse(`/t?c=${encodeURIComponent(value)}`).query.filters, [
          { path: [], field: { name: 'c', jsonPath: [] }, negated, operation },
        ]);
      });
    }

    it('the name leads through relations into JSON', () => {
      const [filter] = parse('/t?a.b."c.d"-%3E%3Ee=eq.1').query.filters;
      assert.deepEqual(filter?.path, ['a', 'b']);
      assert.deepEqual(filter?.field, { name: 'c.d', jsonPath: [{ text: true, kind: 'key', value: 'e' }] });
    });

    it('without an operator they are arguments of a function that is read', () => {
      const { query } = parse('/rpc/f?a=1&a=not&b=eq.2&x.c=');
      assert.deepEqual(query.parameters, [
        ['a', '1'],
        ['a', 'not'],
        ['c', ''],
      ]);
      assert.equal(query.filters.length, 1);
      assert.equal(refusal('/rpc/f?a=1', { method: 'POST', body: '{}' }).code, 'PGRST100');
    });

    it('percent-encoding, + and ; are those of forms; a stray % stands for itself', () => {
      const values = (url: string) =>
        parse(url).query.filters.map(({ operation }) => ('value' in operation ? operation.value : undefined));
      assert.deepEqual(values('/t?a=eq.x+y%2Bz;b=eq.100%&c=eq.%zz%C3%A9&d&&'), ['x y+z', '100%', '%zzé']);
    });
  });

  it('and/or trees with the level they stand at', () => {
    const { logic } = parse(
      '/t?or=(a.eq.1,not.and(b.is.null,c.in.(1,"2,3")),d.cs.{x,y})&r.not.and=(e->f.neq."g,h")',
    ).query;
    const field = (name: string) => ({ name, jsonPath: [] });
    assert.deepEqual(logic[0]?.tree, {
      kind: 'logic',
      negated: false,
      operator: 'or',
      children: [
        {
          kind: 'filter',
          filter: {
            field: field('a'),
            negated: false,
            operation: { kind: 'quant', operator: 'eq', quantifier: undefined, value: '1' },
          },
        },
        {
          kind: 'logic',
          negated: true,
          operator: 'and',
          children: [
            {
              kind: 'filter',
              filter: { field: field('b'), negated: false, operation: { kind: 'is', value: 'null' } },
            },
            {
              kind: 'filter',
              filter: { field: field('c'), negated: false, operation: { kind: 'in', values: ['1', '2,3'] } },
            },
          ],
        },
        {
          kind: 'filter',
          filter: {
            field: field('d'),
            negated: false,
            operation: { kind: 'simple', operator: 'cs', value: '{x,y}' },
          },
        },
      ],
    });
    assert.deepEqual(logic[1]?.path, ['r']);
    assert.equal(logic[1]?.tree.kind === 'logic' && logic[1].tree.negated, true);
  });

  it('order with directions, nulls and related columns', () => {
    const { order } = parse('/t?order=a,b.desc,c.asc.nullslast,d->e.nullsfirst,r(f).desc&r.order=g').query;
    assert.deepEqual(
      order.map(({ path, terms }) => [
        path.join('.'),
        terms.map(({ relation, field, direction, nulls }) => [relation, field.name, direction, nulls]),
      ]),
      [
        [
          '',
          [
            [undefined, 'a', undefined, undefined],
            [undefined, 'b', 'desc', undefined],
            [undefined, 'c', 'asc', 'last'],
            [undefined, 'd', undefined, 'first'],
            ['r', 'f', 'desc', undefined],
          ],
        ],
        ['r', [[undefined, 'g', undefined, undefined]]],
      ],
    );
  });

  describe('ranges', () => {
    const rows: readonly (readonly [
      query: string,
      header: string | undefined,
      offset: number,
      limit?: number,
    ])[] = [
      ['', undefined, 0],
      ['limit=5', undefined, 0, 5],
      ['offset=3', undefined, 3],
      ['limit=5&offset=3', undefined, 3, 5],
      ['limit=5&limit=6', undefined, 0, 6],
      ['limit=0', undefined, 0, 0],
      ['limit=x', undefined, 0],
      ['offset=-4', undefined, 0],
      ['', '0-9', 0, 10],
      ['', '5-', 5],
      ['', 'items=0-9', 0],
      ['limit=5&offset=2', '4-20', 4, 3],
      ['limit=0', '4-20', 0, 0],
    ];
    for (const [query, header, offset, limit] of rows) {
      it(`"${query}" within Range ${header}`, () => {
        const { topRange } = parse(`/t?${query}`, { headers: header === undefined ? {} : { range: header } });
        assert.deepEqual(topRange, { offset, limit });
      });
    }

    it('the Range header counts for GET only', () => {
      const sent = { method: 'HEAD', headers: { range: '3-1' } };
      assert.deepEqual(parse('/t', sent).topRange, { offset: 0, limit: undefined });
    });

    it('levels below have their own', () => {
      const { ranges } = parse('/t?a.b.limit=5&a.offset=2&a.b.offset=1').query;
      assert.deepEqual(
        [...ranges],
        [
          ['a\0b', { offset: 1, limit: 5 }],
          ['a', { offset: 2, limit: undefined }],
        ],
      );
    });
  });

  it('the canonical query is sorted, encoded again, repeats joined', () => {
    const { canonical } = parse("/t?b=eq.1&a=in.(x,'y')&b=lt.5&c").query;
    assert.equal(canonical, 'a=in.%28x%2C%27y%27%29&b=eq.1,lt.5&c=');
  });
});
