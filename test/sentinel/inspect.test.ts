import assert from 'node:assert/strict';
import fc from 'fast-check';
import { isHarmless } from '../../actors/sentinel/inspect/is-harmless.ts';
import { SqlGuard } from '../../actors/sentinel/inspect/sql-guard.ts';
import { VerdictCache } from '../../actors/sentinel/inspect/verdict-cache.ts';
import { UnitBuffer } from '../../actors/sentinel/normalise/unit-buffer.ts';
import type { JsonText } from '../../runtime/protocol/json-text.ts';
import { allAttacks } from './support/attacks.ts';
import { encode, facts, find, guard, isBlocked, jsonObject, jsonString } from './support/judge.ts';

const attack = "x' or 1=1 -- ";
const part = (content: string): string =>
  `--xy\r\nContent-Disposition: form-data; name="b"\r\n\r\n1\r\n--xy\r\nContent-Disposition: form-data; name="a"\r\n\r\n${content}\r\n--xy--\r\n`;

describe('inspection of a request', () => {
  const rows: readonly (readonly [what: string, request: Parameters<typeof facts>[0], where: string])[] = [
    ['a parameter', { query: `a=1&id=${encode(attack)}` }, 'query.id'],
    ['a parameter without a key', { query: encode(attack) }, `query.${encode(attack)}`.slice(0, 70)],
    ['a key whose equals sign belongs to the payload', { query: "1'='1'or'a" }, "query.1'"],
    ['a parameter with plus signs', { query: "id=x'+or+1=1+--+" }, 'query.id'],
    ['a path', { path: `/api/track/${encode(attack)}` }, 'path'],
    ['a cookie', { headers: { cookie: `a=b; c=${encode(attack)}` } }, 'header.cookie.c'],
    [
      'a payload with a semicolon in a cookie',
      { headers: { cookie: "a=x'; drop table t" } },
      'header.cookie',
    ],
    [
      'the query of a referer',
      { headers: { referer: `https://a.example/?q=${encode(attack)}` } },
      'header.referer',
    ],
    ['a nested string', { json: jsonObject({ a: jsonObject({ b: jsonString(attack) }) }) }, 'body.a.b'],
    [
      'a key of a body',
      { json: jsonObject({ [attack]: jsonString('b') }) },
      `body.${attack.replaceAll(' ', '?')}`,
    ],
    [
      'a form',
      { body: `a=${encode(attack)}`, headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      'body.a',
    ],
    [
      'a form that is called so otherwise',
      { body: `a=${encode(attack)}`, headers: { 'content-type': 'Application/X-WWW-Form-URLEncoded' } },
      'body.a',
    ],
    ['a form that nobody calls so', { body: `b=1&a=${encode(attack)}` }, 'body.a'],
    ['a text', { body: attack }, 'body'],
    ['JSON with a key twice', { body: JSON.stringify({ a: attack }).replace('{', '{"a":"b",') }, 'body'],
    ['JSON of others, with escapes', { body: '[{"a":"x\\u0027 or 1=1 -- "},]' }, 'body'],
    [
      'a part',
      { body: part(attack), headers: { 'content-type': 'multipart/form-data; boundary=xy' } },
      'body',
    ],
    [
      'the name of a file',
      {
        body: part('b').replace('name="a"', `name="a"; filename="${attack}"`),
        headers: { 'content-type': 'Multipart/Form-Data; charset=utf-8; boundary="xy"' },
      },
      'body',
    ],
  ];
  for (const [what, request, where] of rows) {
    it(`names ${what}`, () => assert.equal(find(facts(request))?.where, where));
  }

  it('takes bodies of others for what they are', () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=xy' };
    for (const request of [
      { body: part("Sean O'Neil; 5 o'clock"), headers },
      {
        body: part('<p class="a">1 = 1</p>').replace('name="b"', 'name="b"; filename="it\'s me (1).txt"'),
        headers,
      },
      { body: "name=Sean O'Neil&at=5+o'clock" },
      { body: '{"say": "it\\u0027s \\"fine\\"", "say": "d\'accord",}' },
      { body: "export const a = { b: 'c', d: `select e from f` };" },
      { body: '[section]\nkey = "value; or not"\nother = \'x\'' },
    ]) {
      assert.equal(isBlocked(facts(request)), false, request.body);
    }
  });

  it('reads hostile bodies of others once', () => {
    const headers = { 'content-type': 'multipart/form-data; boundary=x' };
    // Seconds of the processor where a quadratic step would take minutes: this bound decides nothing else.
    const started = process.threadCpuUsage();
    for (const request of [
      { body: `{${'"\\"'.repeat(300_000)}` },
      { body: `${'--x'.repeat(330_000)}\n\n`, headers },
      { body: `--x${'name="\\"'.repeat(120_000)}\n\n`, headers },
    ]) {
      find(facts(request));
    }
    const { user, system } = process.threadCpuUsage(started);
    assert.ok(user + system < 10_000_000);
  });

  it('never looks at keys and tokens', () => {
    const names = ['x-api-key', 'apikey', 'authorization', 'proxy-authorization', 'x-csrf-token'];
    for (const name of names) assert.equal(find(facts({ headers: { [name]: attack } })), undefined, name);
  });

  it('looks at every other header, whoever made it up', () => {
    const names = [
      'tenant',
      'x-a',
      'from',
      'origin',
      'host',
      'accept',
      'if-none-match',
      'sec-ch-ua',
      'prefer',
    ];
    for (const name of names) {
      assert.equal(find(facts({ headers: { [name]: attack } }))?.where, `header.${name}`);
      assert.equal(find(facts({ headers: { [name]: encode(attack) } }))?.where, `header.${name}`);
    }
  });

  it('takes headers for what they are', () => {
    const headers = {
      accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8',
      'accept-encoding': 'gzip, deflate, br, zstd',
      baggage: 'userId=alice,serverNode=DF%2028,isProduction=false;ttl=5',
      'cache-control': 'max-age=0, no-cache="Set-Cookie, Set-Cookie2"',
      'content-disposition': "attachment; filename*=UTF-8''na%C3%AFve%20file.txt",
      'content-digest': 'sha-256=:X48E9qOokqqrvdts8nOJRJN3OWDUoyWxBf7kbu9DBPE=:',
      'content-type': 'multipart/form-data; boundary="----a=b--"',
      from: "Sean O'Neil <sean@example.org>",
      'idempotency-key': '"8e03978e-40d5-43e8-bc93-6894a57f9324"',
      'if-none-match': 'W/"67ab43", "54ed21", *',
      link: '<https://example.org/>; rel="next"; title*=UTF-8\'de\'letztes%20Kapitel',
      prefer: 'return=representation,count=exact; wait="10"',
      'sec-ch-ua': '"Chromium";v="128", "Not;A=Brand";v="24", "Google Chrome";v="128"',
      'sec-ch-ua-full-version-list': '"Not(A:Brand";v="99.0.0.0", " Not A;Brand";v="99"',
      'signature-input': 'sig1=("@method" "@target-uri";req);created=1618884473;keyid="test-key"',
      via: '1.0 fred, 1.1 p.example.com (Apache/1.1)',
      warning: '110 anderson/1.3.37 "Response is stale"',
      'x-amzn-trace-id': 'Root=1-67891233-abcdef012345678912345678;Parent=53995c3f42cd8ad8;Sampled=1',
      'x-request-start': 't=1512379167.574',
    };
    for (const [name, value] of Object.entries(headers)) {
      assert.equal(find(facts({ headers: { [name]: value } })), undefined, name);
    }
  });

  it('goes on behind a finding that is only logged', () => {
    const request = facts({
      query: `a=${encode('select a, b from c')}&b=${encode(attack)}`,
      headers: { 'user-agent': 'select a, b from c' },
    });
    assert.equal(find(request)?.where, 'query.b');
    assert.ok(isBlocked(facts({ headers: { 'user-agent': 'select a, b from c', 'x-a': attack } })));
    assert.equal(
      find(facts({ headers: { 'user-agent': 'select a, b from c' } }))?.signature.name,
      'whole-query',
    );
  });

  it('judges what is nested deeper than it goes by its source text', () => {
    let json: JsonText = jsonString(attack);
    for (let depth = 0; depth < 10_000; depth += 1) json = { kind: 'array', source: attack, items: [json] };
    assert.ok(isBlocked(facts({ json })));
  });

  it('does not let a header vouch for a parameter', () => {
    const fresh = new SqlGuard();
    const value = '%25252527%252520or%2525201%25253d1';
    assert.equal(fresh.inspect(value, 'header').score, fresh.inspect(value, 'query').score);
  });

  it('gives the same verdict a second time', () => {
    for (const { text } of allAttacks) {
      assert.deepEqual(guard.inspect(text, 'header'), guard.inspect(text, 'header'));
    }
  });

  it('never throws and always settles on the same verdict, whatever comes', () => {
    const pieces = [
      "'",
      '"',
      '`',
      '/*',
      '*/',
      '--',
      '#',
      ';',
      '(',
      ')',
      '%',
      '%2',
      '%27',
      '%u',
      '&#',
      '&#x27;',
      '\\u',
      '\\x',
      '$',
      '$$',
    ];
    const words = [
      'or',
      'union',
      'select',
      '1',
      '=',
      'a',
      ' ',
      '\n',
      '\0',
      '\ud835',
      '\ud835\udc00',
      '\udc00',
      'é',
      '@@',
      '::',
      '+',
      '.',
      'in.',
    ];
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.array(fc.constantFrom(...pieces, ...words), { maxLength: 30 }).map((parts) => parts.join('')),
    );
    fc.assert(
      fc.property(value, value, value, (query, path, body) => {
        const request = facts({
          query,
          path,
          body,
          json: jsonObject({ [query]: jsonString(body) }),
          headers: { 'user-agent': query, cookie: path, referer: body, 'x-a': body, 'content-type': path },
        });
        assert.deepEqual(find(request), find(request));
        find(facts({ body: query, headers: { 'content-type': 'application/x-www-form-urlencoded' } }));
      }),
      { numRuns: 1500 },
    );
  });
});

describe('the pre-filter', () => {
  const harmless = [
    '',
    '5',
    '-3.14',
    '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b',
    '2026-01-02',
    'created_at',
    'name,title',
    '1,3402',
    'me@example.org',
    'Анна',
    '李小龍',
    '/api/track/5',
    '7--61--x',
  ];
  const suspicious = [
    "'",
    'a b',
    'a;b',
    '%41',
    '(1)',
    'a=b',
    'a+b',
    '#',
    '＇',
    'o\u200br',
    '\ud835\udc00',
    '`',
    '\\',
    '\0',
    '&',
    'select@@version',
    '*',
  ];
  for (const value of harmless)
    it(`lets ${JSON.stringify(value)} through`, () => assert.ok(isHarmless(value)));
  for (const value of suspicious) it(`holds ${JSON.stringify(value)}`, () => assert.ok(!isHarmless(value)));

  it('lets nothing through that a signature would find', () => {
    // Not the hyphen: with it `or-1having-1` is one word here and five tokens there.
    const characters = 'aeorunislct0159_.:/@,éа'.split('');
    const words = ['or', 'union', 'select', 'and', '1', 'sleep', 'is', 'null'];
    const buffer = new UnitBuffer();
    const value = fc
      .array(fc.constantFrom(...characters, ...words), { maxLength: 12 })
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(value, (text) => {
        if (!isHarmless(text)) return;
        buffer.load(text);
        assert.equal(guard.parameters.match(buffer, 1).score, 0, text);
        assert.equal(guard.bodies.match(buffer, 1).score, 0, text);
      }),
      { numRuns: 20_000 },
    );
  });
});

describe('the cache of verdicts', () => {
  it('keeps what is used and stays within its bound', () => {
    const cache = new VerdictCache<number>(10, 20);
    for (let value = 0; value < 1000; value += 1) {
      cache.get('often');
      cache.set(value === 0 ? 'often' : `value ${value}`, value);
      assert.ok(cache.size <= 20);
    }
    assert.equal(cache.get('often'), 0);
    assert.equal(cache.get('value 1'), undefined);
  });

  it('does not keep long values', () => {
    const cache = new VerdictCache<number>(10, 20);
    cache.set('x'.repeat(21), 1);
    assert.equal(cache.size, 0);
  });
});
