import assert from 'node:assert/strict';
import fc from 'fast-check';
import { parseJson } from '../../../actors/cpu/parse-json.ts';
import { parseRestRequest } from '../../../extensions/maggate/dialects/rest/parse/parse-rest-request.ts';
import { RestError } from '../../../extensions/maggate/dialects/rest/rest-error.ts';
import type { RestRequest } from '../../../extensions/maggate/dialects/rest/rest-request.ts';
import type { SelectNode } from '../../../extensions/maggate/query/query-params.ts';
import type { DataApiSettings, GatewayRequest, JsonText } from '../../../extensions/sdk/index.ts';

interface Sent {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly bytes?: Uint8Array;
  readonly settings?: Partial<DataApiSettings>;
}

const settings = {
  dbSchemas: ['test'],
  dbTxEnd: 'commit-allow-override',
  openapiMode: 'follow-privileges',
  dbRootSpec: null,
} as unknown as DataApiSettings;

function jsonOf(body: string | undefined): JsonText | undefined {
  try {
    return body === undefined ? undefined : parseJson(body);
  } catch {
    return undefined;
  }
}

function parse(url: string, sent: Sent = {}): RestRequest {
  const question = url.indexOf('?');
  const request = {
    method: sent.method ?? 'GET',
    mountedPath: question === -1 ? url : url.slice(0, question),
    query: question === -1 ? '' : url.slice(question + 1),
    headers: sent.headers ?? {},
    body: sent.body,
    bytes: sent.bytes,
    json: jsonOf(sent.body),
  } as unknown as GatewayRequest;
  return parseRestRequest(request, { ...settings, ...sent.settings });
}

function refusal(url: string, sent?: Sent): RestError {
  try {
    parse(url, sent);
  } catch (error) {
    assert.ok(error instanceof RestError, String(error));
    return error;
  }
  return assert.fail(`${url} was not refused`);
}

describe('MagGate: /rest/v1 parses', () => {
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

  describe('bodies', () => {
    const json = { 'content-type': 'application/json' };
    const csv = { 'content-type': 'text/csv' };
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const rows: readonly (readonly [name: string, url: string, sent: Sent, payload: object])[] = [
      [
        'an object',
        '/t',
        { body: ' {"a":1} ' },
        { kind: 'json', text: ' {"a":1} ', keys: ['a'], many: false, empty: false },
      ],
      [
        'rows',
        '/t',
        { body: '[{"a":1,"b":2},{"b":1,"a":2}]', headers: json },
        { kind: 'json', text: '[{"a":1,"b":2},{"b":1,"a":2}]', keys: ['a', 'b'], many: true, empty: false },
      ],
      ['no rows', '/t', { body: '[ ]' }, { kind: 'json', text: '[]', keys: [], many: true, empty: true }],
      [
        'a scalar is no rows',
        '/t',
        { body: '7' },
        { kind: 'json', text: '[]', keys: [], many: true, empty: true },
      ],
      [
        'columns= takes JSON as it is',
        '/t?columns=a',
        { body: '[{"a":1},{"b":2}]' },
        { kind: 'raw-json', text: '[{"a":1},{"b":2}]' },
      ],
      [
        'a function without a body',
        '/rpc/f',
        {},
        { kind: 'json', text: '', keys: [], many: false, empty: false },
      ],
      [
        'CSV',
        '/t',
        { body: 'a,"b ""x"""\r\n1,NULL\n\n2,"y,\nz"', headers: csv },
        {
          kind: 'json',
          text: '[{"a":"1","b \\"x\\"":null},{"a":"2","b \\"x\\"":"y,\\nz"}]',
          keys: ['a', 'b "x"'],
          many: true,
          empty: false,
        },
      ],
      [
        'CSV without rows',
        '/t',
        { body: 'a,b\n', headers: csv },
        { kind: 'json', text: '[]', keys: [], many: true, empty: true },
      ],
      [
        'a form is a row',
        '/t',
        { body: 'a=1+2&b=&a=3', headers: form },
        { kind: 'json', text: '{"a":"3","b":""}', keys: ['a', 'b'], many: false, empty: false },
      ],
      [
        'a form is arguments',
        '/rpc/f',
        { body: 'v=hi&v=there', headers: form },
        {
          kind: 'form',
          pairs: [
            ['v', 'hi'],
            ['v', 'there'],
          ],
          keys: ['v'],
        },
      ],
      [
        'text',
        '/rpc/f',
        { body: 'some {text', headers: { 'content-type': 'text/plain' } },
        { kind: 'raw', text: 'some {text' },
      ],
      [
        'bytes',
        '/rpc/f',
        { bytes: Uint8Array.of(0, 255, 16), headers: { 'content-type': 'application/octet-stream' } },
        { kind: 'raw', text: '\\x00ff10' },
      ],
      [
        'text as bytes',
        '/rpc/f',
        { body: 'é', headers: { 'content-type': 'application/octet-stream' } },
        { kind: 'raw', text: '\\xc3a9' },
      ],
    ];
    for (const [name, url, sent, expected] of rows) {
      it(name, () => {
        const { payload } = parse(url, { method: 'POST', ...sent });
        assert.ok(payload !== undefined);
        const shown = 'keys' in payload ? { ...payload, keys: [...payload.keys] } : payload;
        assert.deepEqual(shown, expected);
      });
    }

    it('the columns are those of columns=, else the keys', () => {
      const columns = (url: string, body: string, method = 'POST') => [
        ...parse(url, { method, body }).columns,
      ];
      assert.deepEqual(columns('/t?columns=a,"b c"', '{"x":1}'), ['a', 'b c']);
      assert.deepEqual(columns('/t', '{"x":1}'), ['x']);
      assert.deepEqual(columns('/t?columns=a', '{"x":1}', 'PUT'), ['x']);
      assert.deepEqual(columns('/t?columns=a', '{"x":1}', 'DELETE'), []);
    });
  });

  it('preferences: the first known value holds, the rest is listed', () => {
    const { preferences } = parse('/t', {
      headers: {
        prefer:
          'count=many, count=exact,count=planned, tx=rollback ,max-affected=10, timezone=Europe/Vienna, x',
      },
    });
    assert.deepEqual(
      { ...preferences },
      {
        resolution: undefined,
        return: undefined,
        count: 'exact',
        transaction: 'rollback',
        missing: undefined,
        handling: undefined,
        timezone: 'Europe/Vienna',
        maxAffected: 10,
        invalid: ['count=many', 'x'],
      },
    );
  });

  it('tx= counts only where the project lets callers end transactions', () => {
    const sent: Sent = { headers: { prefer: 'tx=rollback' }, settings: { dbTxEnd: 'commit' } };
    const { preferences } = parse('/t', sent);
    assert.equal(preferences.transaction, undefined);
    assert.deepEqual(preferences.invalid, []);
  });

  describe('Accept', () => {
    const rows: readonly (readonly [header: string, expected: readonly object[]])[] = [
      ['*/*', [{ kind: 'any' }]],
      ['text/csv; version=1', [{ kind: 'csv' }]],
      ['text/csv;q=0.5, application/json, */*;q=0.1', [{ kind: 'json' }, { kind: 'csv' }, { kind: 'any' }]],
      ['*/*, text/xml', [{ kind: 'xml' }, { kind: 'any' }]],
      ['Application/VND.pgrst.object+json', [{ kind: 'singular', nullsStripped: false }]],
      ['application/vnd.pgrst.object;nulls=stripped', [{ kind: 'singular', nullsStripped: true }]],
      ['application/vnd.pgrst.array+json;nulls=stripped', [{ kind: 'array-stripped' }]],
      ['application/vnd.pgrst.array+json', [{ kind: 'json' }]],
      ['application/vnd.twkb', [{ kind: 'other', name: 'application/vnd.twkb' }]],
      ['nonsense', [{ kind: 'other', name: 'nonsense' }]],
      [
        'application/vnd.pgrst.plan+json; for="text/csv"; options=analyze|wal|x',
        [{ kind: 'plan', for: { kind: 'csv' }, format: 'json', options: ['analyze', 'wal'] }],
      ],
      ['application/vnd.pgrst.plan', [{ kind: 'plan', for: { kind: 'json' }, format: 'text', options: [] }]],
    ];
    for (const [header, expected] of rows) {
      it(header, () => assert.deepEqual(parse('/t', { headers: { accept: header } }).accept, expected));
    }
  });

  describe('paths and methods', () => {
    const t = { schema: 'test', name: 't' };
    const rows: readonly (readonly [method: string, path: string, action: object])[] = [
      ['GET', '/t', { kind: 'read', table: t, headersOnly: false }],
      ['HEAD', '/t', { kind: 'read', table: t, headersOnly: true }],
      ['POST', '/t', { kind: 'mutate', table: t, mutation: 'create' }],
      ['PUT', '/t', { kind: 'mutate', table: t, mutation: 'single-upsert' }],
      ['DELETE', '/t', { kind: 'mutate', table: t, mutation: 'delete' }],
      ['OPTIONS', '/t', { kind: 'table-info', table: t }],
      ['GET', '/a%20%C3%A9', { kind: 'read', table: { schema: 'test', name: 'a é' }, headersOnly: false }],
      ['HEAD', '/rpc/t', { kind: 'call', routine: t, method: 'HEAD' }],
      ['OPTIONS', '/rpc/t', { kind: 'routine-info', routine: t }],
      ['GET', '', { kind: 'inspect', schema: 'test', headersOnly: false }],
      ['OPTIONS', '/', { kind: 'root-info' }],
    ];
    for (const [method, path, action] of rows) {
      it(`${method} ${path}`, () => assert.deepEqual(parse(path, { method, body: '{}' }).action, action));
    }

    it('a function may stand for the root', () => {
      const { action } = parse('/', { settings: { dbRootSpec: 'test.root' } });
      assert.deepEqual(action, { kind: 'call', routine: { schema: 'test', name: 'root' }, method: 'GET' });
    });

    it('the profile of the method chooses the schema', () => {
      const two = { dbSchemas: ['v1', 'v2'] };
      const headers = { 'accept-profile': 'v2', 'content-profile': 'v1' };
      assert.equal(parse('/t', { headers, settings: two }).schema, 'v2');
      assert.equal(parse('/t', { headers, settings: two, method: 'POST', body: '{}' }).schema, 'v1');
      assert.equal(parse('/t', { settings: two }).negotiatedByProfile, true);
      assert.equal(parse('/t').negotiatedByProfile, false);
    });
  });

  it('the canonical query is sorted, encoded again, repeats joined', () => {
    const { canonical } = parse("/t?b=eq.1&a=in.(x,'y')&b=lt.5&c").query;
    assert.equal(canonical, 'a=in.%28x%2C%27y%27%29&b=eq.1,lt.5&c=');
  });
});

describe('MagGate: /rest/v1 refuses', () => {
  const unparsable: readonly (readonly [query: string, message: string, details: string])[] = [
    ['id=0', 'filter (0)" (line 1, column 1)', 'unexpected "0" expecting "not" or operator (eq, gt, ...)'],
    [
      'id=noop.0',
      'filter (noop.0)" (line 1, column 1)',
      'unexpected "o" expecting "not" or operator (eq, gt, ...)',
    ],
    ['id=not.x', 'filter (not.x)" (line 1, column 5)', 'unexpected "x" expecting operator (eq, gt, ...)'],
    ['id=eq().1', 'filter (eq().1)" (line 1, column 4)', 'unexpected ")" expecting operator (eq, gt, ...)'],
    ['id=in.1', 'filter (in.1)" (line 1, column 4)', 'unexpected "1" expecting "("'],
    ['id=in.(1', 'filter (in.(1)" (line 1, column 6)', 'unexpected end of input expecting "," or ")"'],
    [
      'id=is.x',
      'filter (is.x)" (line 1, column 4)',
      'unexpected "x" expecting isVal: (null, not_null, true, false, unknown)',
    ],
    [
      'select=name!hint',
      'select parameter (name!hint)" (line 1, column 5)',
      'unexpected \'!\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
    ],
    [
      'select=id,c(name[])',
      'select parameter (id,c(name[]))" (line 1, column 10)',
      'unexpected \'[\' expecting letter, digit, "-", "->>", "->", "::", ".", ")", "," or end of input',
    ],
    [
      'select=a,*!x',
      'select parameter (a,*!x)" (line 1, column 4)',
      'unexpected \'!\' expecting ")", "," or end of input',
    ],
    [
      'select=a::',
      'select parameter (a::)" (line 1, column 4)',
      'unexpected end of input expecting letter or digit',
    ],
    [
      'select=data->>--34',
      'select parameter (data->>--34)" (line 1, column 9)',
      'unexpected "-" expecting digit',
    ],
    [
      'select=data->>-78xy',
      'select parameter (data->>-78xy)" (line 1, column 11)',
      'unexpected \'x\' expecting digit, "->", "::", ".", "," or end of input',
    ],
    [
      'columns=',
      'columns parameter ()" (line 1, column 1)',
      'unexpected end of input expecting field name (* or [a..z0..9_$])',
    ],
    [
      'order=id.ac',
      'order (id.ac)" (line 1, column 4)',
      'unexpected "c" expecting "asc", "desc", "nullsfirst" or "nullslast"',
    ],
    [
      'order=id.descc',
      'order (id.descc)" (line 1, column 8)',
      'unexpected \'c\' expecting delimiter (.), "," or end of input',
    ],
    [
      'order=id)',
      'order (id))" (line 1, column 3)',
      'unexpected \')\' expecting letter, digit, "-", "->>", "->", delimiter (.), "," or end of input',
    ],
    [
      'order=a(b,c)',
      'order (a(b,c))" (line 1, column 2)',
      'unexpected \'(\' expecting letter, digit, "-", "->>", "->", delimiter (.), "," or end of input',
    ],
    [
      'or=()',
      'logic tree (())" (line 1, column 4)',
      'unexpected ")" expecting field name (* or [a..z0..9_$]), negation operator (not) or logic operator (and, or)',
    ],
    ['or=)(', 'logic tree ()()" (line 1, column 3)', 'unexpected ")" expecting "("'],
    ['or=(id.in.1,2)', 'logic tree ((id.in.1,2))" (line 1, column 10)', 'unexpected "1" expecting "("'],
    [
      'or=(id.eq.1,not.xor(a.eq.1))',
      'logic tree ((id.eq.1,not.xor(a.eq.1)))" (line 1, column 16)',
      'unexpected "x" expecting logic operator (and, or)',
    ],
    [
      '!a=eq.1',
      'tree path (!a)" (line 1, column 1)',
      'unexpected "!" expecting field name (* or [a..z0..9_$])',
    ],
    [
      'id=%C3%A9',
      'filter (é)" (line 1, column 1)',
      'unexpected "\\233" expecting "not" or operator (eq, gt, ...)',
    ],
    ['a=eq.%FF', 'query string" (line 1, column 1)', 'the text is not UTF-8'],
  ];
  for (const [query, message, details] of unparsable) {
    it(`${query} as unreadable, naming the place`, () => {
      const { status, code, message: said, details: found } = refusal(`/t?${query}`);
      assert.deepEqual(
        [status, code, said, found],
        [400, 'PGRST100', `"failed to parse ${message}`, details],
      );
    });
  }

  const json = { 'content-type': 'application/json' };
  const others: readonly (readonly [
    url: string,
    sent: Sent,
    status: number,
    code: string,
    message: string,
    details?: string,
  ])[] = [
    ['/a/b', {}, 404, 'PGRST125', 'Invalid path specified in request URL'],
    ['/t/', {}, 404, 'PGRST125', 'Invalid path specified in request URL'],
    ['/rpc/f/x', {}, 404, 'PGRST125', 'Invalid path specified in request URL'],
    ['/', { settings: { openapiMode: 'disabled' } }, 404, 'PGRST126', 'Root endpoint metadata is disabled'],
    ['/t', { method: 'TRACE' }, 405, 'PGRST117', 'Unsupported HTTP method: TRACE'],
    ['/', { method: 'POST' }, 405, 'PGRST117', 'Unsupported HTTP method: POST'],
    ['/rpc/f', { method: 'PATCH' }, 405, 'PGRST101', 'Cannot use the PATCH method on RPC'],
    ['/t', { headers: { 'accept-profile': 'x' } }, 406, 'PGRST106', 'Invalid schema: x'],
    [
      '/t?limit=-1',
      {},
      416,
      'PGRST103',
      'Requested range not satisfiable',
      'Limit should be greater than or equal to zero.',
    ],
    [
      '/t?limit=2',
      { headers: { range: '5-9' } },
      416,
      'PGRST103',
      'Requested range not satisfiable',
      'Limit should be greater than or equal to zero.',
    ],
    [
      '/t',
      { headers: { range: '1-0' } },
      416,
      'PGRST103',
      'Requested range not satisfiable',
      'The lower boundary must be lower than or equal to the upper boundary in the Range header.',
    ],
    [
      '/t?limit=1',
      { method: 'PUT', body: '{}' },
      400,
      'PGRST114',
      'limit/offset querystring parameters are not allowed for PUT',
    ],
    ['/t', { method: 'POST' }, 400, 'PGRST102', 'Empty or invalid json'],
    ['/t', { method: 'POST', body: '}{ x = 2', headers: json }, 400, 'PGRST102', 'Empty or invalid json'],
    ['/t?columns=a', { method: 'POST', body: '{"a":1,"a":2}' }, 400, 'PGRST102', 'Empty or invalid json'],
    ['/t', { method: 'POST', body: '[{"a":1},{"b":1}]' }, 400, 'PGRST102', 'All object keys must match'],
    ['/t', { method: 'POST', body: '[{"a":1},7]' }, 400, 'PGRST102', 'All object keys must match'],
    [
      '/t',
      { method: 'POST', body: 'a', headers: { 'content-type': 'text/plain' } },
      400,
      'PGRST102',
      'Content-Type not acceptable: text/plain',
    ],
    [
      '/t',
      { method: 'POST', body: 'a', headers: { 'content-type': 'what/ever; x=y' } },
      400,
      'PGRST102',
      'Content-Type not acceptable: what/ever; x=y',
    ],
    [
      '/t',
      { method: 'POST', body: 'a,b\n1,2\n3', headers: { 'content-type': 'text/csv' } },
      400,
      'PGRST102',
      'All lines must have same number of fields',
    ],
    [
      '/t',
      { method: 'POST', body: 'a,"b', headers: { 'content-type': 'text/csv' } },
      400,
      'PGRST102',
      'parse error (not enough input) at ""',
    ],
    ['/t?a=eq.%00', {}, 400, '22021', 'invalid byte sequence for encoding "UTF8": 0x00'],
    // Path before schema before method before query before range before body.
    [
      '/a/b?limit=-1',
      { headers: { 'accept-profile': 'x' } },
      404,
      'PGRST125',
      'Invalid path specified in request URL',
    ],
    [
      '/rpc/f?a=x',
      { method: 'PUT', headers: { 'content-profile': 'x' } },
      406,
      'PGRST106',
      'Invalid schema: x',
    ],
    [
      '/t?limit=-1',
      { method: 'POST' },
      416,
      'PGRST103',
      'Requested range not satisfiable',
      'Limit should be greater than or equal to zero.',
    ],
  ];
  for (const [url, sent, status, code, message, details] of others) {
    it(`${sent.method ?? 'GET'} ${url} with ${code}: ${message}`, () => {
      const error = refusal(url, sent);
      assert.deepEqual(
        [error.status, error.code, error.message, error.details],
        [status, code, message, details ?? null],
      );
    });
  }

  it('the hint of an unknown profile names the exposed schemas', () => {
    const sent = { headers: { 'accept-profile': 'x' }, settings: { dbSchemas: ['a', 'b'] } };
    assert.equal(refusal('/t', sent).hint, 'Only the following schemas are exposed: a, b');
  });

  it('nesting without end', () => {
    const deep = 5000;
    for (const query of [
      `and=(${'and('.repeat(deep)}a.eq.1${')'.repeat(deep + 1)}`,
      `and=(${'and('.repeat(deep)}`,
      `select=${'a('.repeat(deep)}`,
      `select=${'...a('.repeat(deep)}${')'.repeat(deep)}`,
    ]) {
      const error = refusal(`/t?${query}`);
      assert.equal(error.code, 'PGRST100');
      assert.equal(error.details, 'nested deeper than 64 levels');
    }
  });
});

describe('MagGate: /rest/v1 with any query', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      ...[
        'select',
        'order',
        'and',
        'or',
        'not',
        'limit',
        'offset',
        'columns',
        'on_conflict',
        'id',
        'eq',
        'in',
      ],
      ...[
        'is',
        'fts',
        'any',
        'count()',
        'sum()',
        '...',
        '->',
        '->>',
        '::',
        '!',
        'inner',
        '=',
        '&',
        '.',
        ',',
        '(',
      ],
      ...[
        ')',
        '"',
        '\\',
        '-',
        ':',
        '*',
        '{',
        '}',
        ' ',
        '%',
        '%00',
        '%41',
        '+',
        ';',
        'é',
        '1',
        '-1',
        '\t',
        '\n',
      ],
    ),
    fc.string({ maxLength: 3 }),
  );
  const query = fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join(''));

  it('is parsed or refused by an error of the dialect', () => {
    fc.assert(
      fc.property(
        query,
        fc.constantFrom('/t?', '/rpc/f?', '/t?select=', '/t?or=', '/t?order=', '/t?a='),
        (text, url) => {
          try {
            const { query: parsed } = parse(url + text);
            assert.equal(typeof parsed.canonical, 'string');
          } catch (error) {
            assert.ok(error instanceof RestError, String(error));
            assert.ok(error.details === null || error.details !== 'unknown parse error');
          }
        },
      ),
      { numRuns: 3000 },
    );
  });

  it('is read in time that grows with its length', () => {
    // Reading 40 kB takes milliseconds; with steps in the square of the length it would be minutes.
    const long = 20_000;
    for (const text of [
      `select=${'a,'.repeat(long)}`,
      `select=${'"'.repeat(long)}`,
      `select=${'a-'.repeat(long)}`,
      `select=a${'->a'.repeat(long)}!`,
      `order=${'a(b),'.repeat(long)}`,
      `order=${' '.repeat(long)}`,
      `or=(${'a.eq.1,'.repeat(long)}`,
      `or=(a.in.(${'"a",'.repeat(long)}`,
      `or=(a.cs.${'{'.repeat(long)}`,
      `a=in.(${'\\"'.repeat(long)}`,
      `${'a.'.repeat(long)}=eq.1`,
      'a=eq.1&'.repeat(long),
      `limit=${' '.repeat(long)}x`,
      `a=${'%'.repeat(long)}%FF`,
    ]) {
      try {
        parse(`/t?${text}`);
      } catch (error) {
        assert.ok(error instanceof RestError, String(error));
      }
    }
  });
});
