import assert from 'node:assert/strict';
import { parse, type Sent } from './parse-request.ts';

describe('MagGate: /rest/v1 parses the request', () => {
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
});
