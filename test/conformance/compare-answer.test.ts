import assert from 'node:assert/strict';
import type { CaseExpectation, ReceivedAnswer } from './conformance-case.ts';
import { caseBody } from './http/case-body.ts';
import { compareAnswer } from './http/compare-answer.ts';
import { encodeTarget } from './http/encode-target.ts';

const json = { 'content-type': 'application/json; charset=utf-8' };
const received = (answer: Partial<ReceivedAnswer>): ReceivedAnswer => ({
  ...{ status: 200, headers: json, body: '[]' },
  ...answer,
});

const rows: readonly [string, CaseExpectation, Partial<ReceivedAnswer>, readonly string[]][] = [
  ['the same', { json: [] }, {}, []],
  ['another order of keys', { json: { a: 1, b: 2 } }, { body: '{"b":2,"a":1}' }, []],
  [
    'another value, named by its path',
    { json: [{ a: { b: 1 } }] },
    { body: '[{"a":{"b":2}}]' },
    ['body.0.a.b 2, expected 1'],
  ],
  [
    'a row too many',
    { json: [{ a: 1 }] },
    { body: '[{"a":1},{"a":2}]' },
    ['body.1 {"a":2}, expected nothing'],
  ],
  ['null for nothing', { json: {} }, { body: '{"a":null}' }, ['body.a null, expected nothing']],
  ['no JSON', { json: [] }, { body: '' }, ['body "" is no JSON, expected []']],
  [
    'JSON as text',
    { json: [] },
    { headers: { 'content-type': 'text/plain' } },
    ['header Content-Type is "text/plain", expected JSON'],
  ],
  [
    'a media type of its own, asked for',
    { json: [], headers: [{ name: 'Content-Type', equals: 'application/x' }] },
    { headers: { 'content-type': 'application/x' } },
    [],
  ],
  ['status 200 when none is given', {}, { status: 206 }, ['status 206, expected 200']],
  ['another text', { text: 'a' }, { body: 'b' }, ['body "b", expected "a"']],
  ['a control character as its name', { text: 'SOH{}' }, { body: '\x01{}' }, []],
  ['a block with its margin', { text: 'a\n   |b\n   ' }, { body: 'a\nb\n' }, []],
  ['a bar that is no margin', { text: 'a|b' }, { body: 'ab' }, ['body "ab", expected "a|b"']],
  [
    'a header that should not be there',
    { headers: [{ name: 'Location', absent: true }] },
    { headers: { location: '/x' } },
    ['header Location is "/x", expected none'],
  ],
  [
    'a header that is missing',
    { headers: [{ name: 'Location', equals: '/x' }] },
    { headers: {} },
    ['header Location is nothing, expected "/x"'],
  ],
  [
    'one of a header that came twice',
    { headers: [{ name: 'Set-Cookie', equals: 'b=2' }] },
    { headers: { 'set-cookie': 'a=1, b=2' } },
    [],
  ],
];

describe('comparing an answer with a case', () => {
  for (const [name, expected, answer, differences] of rows) {
    it(`${differences.length === 0 ? 'lets pass' : 'names'} ${name}`, () => {
      assert.deepEqual(compareAnswer(expected, received(answer)), differences);
    });
  }
});

describe('the body of a case', () => {
  for (const [body, type, sent] of [
    ['{ id: 1, "a b": [{ c : "d: 2" }] }', undefined, '{ "id": 1, "a b": [{ "c" : "d: 2" }] }'],
    ['{"id": "{a: 1}"}', undefined, '{"id": "{a: 1}"}'],
    ['}{ x = 2', undefined, '}{ x = 2'],
    ['{ id: 1 }', 'text/plain', '{ id: 1 }'],
    ['', undefined, ''],
  ] as const) {
    it(`is ${JSON.stringify(sent)} for ${body} ${type ?? ''}`, () => {
      const headers = type === undefined ? [] : [['Content-Type', type] as const];
      assert.equal(caseBody({ headers, body }), sent);
    });
  }
});

describe('the target of a request', () => {
  for (const [path, target] of [
    ['/a?b=eq.c d', '/a?b=eq.c%20d'],
    ['/a?b=cs.{1}&c="x"', '/a?b=cs.%7B1%7D&c=%22x%22'],
    ['/%D9%85?a=%20b', '/%D9%85?a=%20b'],
    ['/موارد', '/%D9%85%D9%88%D8%A7%D8%B1%D8%AF'],
    ['items?id=eq.1', '/items?id=eq.1'],
    ['/a?b=in.(1,2)&c=d->>e', '/a?b=in.(1,2)&c=d-%3E%3Ee'],
  ] as const) {
    it(`is ${target} for ${path}`, () => assert.equal(encodeTarget(path), target));
  }
});
