import assert from 'node:assert/strict';
import { refusal, type Sent } from './parse-request.ts';

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
    ['select=a:b:', 'select parameter (a:b:)" (line 1, column 4)', 'unexpected end of input expecting "::"'],
    [
      'select=rel(..x)',
      'select parameter (rel(..x))" (line 1, column 5)',
      'unexpected "x" expecting "...", field name (* or [a..z0..9_$]), "*", "count()" or ")"',
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
