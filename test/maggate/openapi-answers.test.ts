import assert from 'node:assert/strict';
import { Validator } from '@seriousme/openapi-schema-validator';
import { Ajv2020, type AnySchemaObject } from 'ajv/dist/2020.js';
import formats from 'ajv-formats';
import { type Answer, type Api, openApi, type RequestOptions } from './api-harness.ts';
import { chinookLike } from './chinook-like.ts';

type Node = Record<string, unknown>;

/** A type and texts of values of it; each is written by SQL and read through the API. */
const types: readonly (readonly [type: string, ...values: string[]])[] = [
  ['smallint', '-32768'],
  ['integer', '2147483647'],
  ['bigint', '9223372036854775807'],
  ['numeric', '0.1', 'NaN', 'Infinity'],
  ['numeric(10,2)', '1.10'],
  ['real', '0.1', '-Infinity'],
  ['double precision', '1e300', 'NaN'],
  ['boolean', 'true'],
  ['text', '', 'Zażółć 🐘'],
  ['character varying(5)', '🐘🐘🐘🐘🐘'],
  ['character(5)', 'ab'],
  ['"char"', 'a'],
  ['name', 'n'],
  ['bytea', '\\xdeadbeef'],
  ['uuid', '0191a2b3-0000-7000-8000-000000000001'],
  ['date', '2024-02-29'],
  ['time', '13:14:15.123456'],
  ['timetz', '13:14:15+02'],
  ['timestamp', '2024-02-29T13:14:15.123456'],
  ['timestamptz', '2024-02-29T13:14:15.123456+02:00'],
  ['interval', '1 day 02:03:04'],
  ['inet', '192.168.1.0/24'],
  ['cidr', '10.0.0.0/8'],
  ['macaddr', '08:00:2b:01:02:03'],
  ['macaddr8', '08:00:2b:01:02:03:04:05'],
  ['money', '1'],
  ['bit(3)', '101'],
  ['bit varying(5)', '10'],
  ['oid', '42'],
  ['regclass', 'pg_class'],
  ['pg_lsn', '16/B374D848'],
  ['xid8', '7'],
  ['tid', '(0,1)'],
  ['mood', 'so so'],
  ['positive', '7'],
  ['email', 'A@b.example'],
  ['json', '{"b":1}', '"text"', 'null', '[1]'],
  ['jsonb', '1.10', '{}'],
  ['jsonpath', '$.a'],
  ['xml', '<a/>'],
  ['tsvector', 'cat'],
  ['tsquery', 'cat & dog'],
  ['integer[]', '{1,NULL,3}', '{}', '{{1,2},{3,4}}'],
  ['bigint[]', '{9223372036854775807}'],
  ['double precision[]', '{NaN,1.5}'],
  ['text[]', '{"a,b",NULL}', '{{a},{b}}'],
  ['boolean[]', '{t,f}'],
  ['uuid[]', '{0191a2b3-0000-7000-8000-000000000001}'],
  ['timestamptz[]', '{2024-02-29T13:14:15Z}'],
  ['mood[]', '{happy}'],
  ['positive[]', '{1}'],
  ['jsonb[]', '{"{\\"a\\":1}","1"}'],
  ['address', '(Main,5)'],
  ['address[]', '{"(Main,5)"}'],
  ['int4range', '[1,5)'],
  ['tstzrange', 'empty'],
  ['int4multirange', '{[1,2),[4,5)}'],
  ['int4range[]', '{"[1,5)"}'],
  ['point', '(1,2)'],
  ['box', '(1,1),(0,0)'],
  ['polygon', '((0,0),(1,1),(1,0))'],
  ['circle', '<(0,0),1>'],
  ['line', '{1,2,3}'],
  ['lseg', '[(0,0),(1,1)]'],
  ['path', '((0,0),(1,1))'],
  ['int2vector', '1 2'],
  ['oidvector', '1 2'],
];

describe('MagGate: OpenAPI describes what is answered', () => {
  let api: Api;
  let document: Node;
  let ajv: Ajv2020;
  before(async function () {
    this.timeout(60_000);
    const columns = types.map(([type], index) => `c${index} ${type}`).join(', ');
    const rows = types.flatMap(([type, ...values], index) =>
      values.map((value) => `insert into everything (c${index}) values (e'${escaped(value)}'::${type});`),
    );
    api = await openApi(`${chinookLike};
      create type mood as enum ('happy', 'so so');
      create domain positive as integer check (value > 0);
      create domain email as text check (value ~ '@');
      create type address as (street text, number int);
      create table everything (id bigint generated always as identity primary key, ${columns});
      create table strict (id int primary key, ${columns.replaceAll(', c', ' not null, c')} not null);
      ${rows.join('\n')}`);
    document = (await api.call('GET', '/api/openapi.json')).body;
    ajv = new Ajv2020({ strict: false, allErrors: true });
    formats.default(ajv);
    for (const name of ['int32', 'int64', 'float', 'double'])
      ajv.addFormat(name, { type: 'number', validate: () => true });
    ajv.addSchema(document as AnySchemaObject, 'document');
  });
  after(() => api.close());

  it('is valid by the official schema of OpenAPI 3.1, for every role', async () => {
    for (const role of ['service_role', 'anon'] as const) {
      const { body } = await api.call('GET', '/api/openapi.json', { role });
      const result = await new Validator().validate(structuredClone(body));
      assert.deepEqual(result.errors ?? [], []);
      assert.equal(result.valid, true);
    }
  });

  it('its schemas are schemas', () => {
    const { schemas } = document['components'] as { schemas: Node };
    for (const name of Object.keys(schemas)) {
      assert.doesNotThrow(() => ajv.getSchema(`document#/components/schemas/${name}`), name);
    }
  });

  /** The schema of what an operation answers with this status, and its errors for a value. */
  const errorsOf = (path: string, method: string, status: number, value: unknown): unknown => {
    const responses = (document['paths'] as Record<string, Record<string, { responses: Node }>>)[path]?.[
      method
    ]?.responses as Record<string, { $ref?: string; content?: Record<string, { schema: Node }> }> | undefined;
    const response = responses?.[status] ?? responses?.['default'];
    assert.ok(response !== undefined, `${method} ${path} ${status}`);
    const target = response.$ref === undefined ? response : resolve(response.$ref);
    const [media] = Object.values(target.content ?? {});
    assert.ok(media !== undefined, `${method} ${path} ${status} has a body`);
    const at = pointerOf(document, media.schema);
    const validate = ajv.getSchema(`document#${at}`);
    assert.ok(validate !== undefined, at);
    return validate(value) ? [] : validate.errors;
  };

  const bodyErrorsOf = (path: string, method: string, value: unknown): unknown => {
    const operation = (document['paths'] as Record<string, Record<string, { requestBody: Node }>>)[path]?.[
      method.toLowerCase()
    ];
    const [media] = Object.values(operation?.requestBody['content'] as Record<string, { schema: Node }>);
    const validate = ajv.getSchema(`document#${pointerOf(document, media?.schema)}`);
    assert.ok(validate !== undefined);
    return validate(value) ? [] : validate.errors;
  };

  const resolve = (reference: string): { content?: Record<string, { schema: Node }> } => {
    let node: unknown = document;
    for (const step of reference.slice(2).split('/')) node = (node as Node)[step];
    return node as { content?: Record<string, { schema: Node }> };
  };

  it('rows of every type fit the schema of the table', async () => {
    const { body } = await api.call('GET', '/api/everything?limit=1000');
    assert.equal(
      body.data.length,
      types.reduce((sum, [, ...values]) => sum + values.length, 0),
    );
    for (const row of body.data) {
      const errors = errorsOf('/api/everything', 'get', 200, { data: [row], meta: body.meta });
      assert.deepEqual(errors, [], JSON.stringify(row));
    }
  });

  it('every row as it was read can be written again, and is said to', async () => {
    const insert = ajv.getSchema('document#/components/schemas/insert.everything');
    const { body } = await api.call('GET', '/api/everything?limit=1000');
    for (const { id: _, ...row } of body.data) {
      assert.ok(insert?.(row), JSON.stringify(insert?.errors));
    }
  });

  it('a schema is not so wide that anything fits', () => {
    for (const [index, [type]] of types.entries()) {
      // Of a JSON column, and of items that may be anything, nothing can be said.
      if (/^jsonb?$/.test(type)) continue;
      const errors = errorsOf('/api/strict', 'get', 200, {
        data: [{ [`c${index}`]: null }],
        meta: { limit: 1, hasMore: false },
      });
      assert.notDeepEqual(errors, [], `null in ${type}`);
      const odd = errorsOf('/api/strict', 'get', 200, {
        data: [{ [`c${index}`]: type === 'address' ? 5 : { odd: 1 } }],
        meta: { limit: 1, hasMore: false },
      });
      assert.notDeepEqual(odd, [], `an object in ${type}`);
    }
  });

  const requests: readonly (readonly [
    method: string,
    path: string,
    pattern: string,
    status: number,
    options?: RequestOptions,
  ])[] = [
    ['GET', '/api', '/api', 200],
    ['GET', '/api/openapi.json', '/api/openapi.json', 200],
    ['GET', '/api/track?count=exact&sort=name', '/api/track', 200],
    ['GET', '/api/track?fields=name&limit=1', '/api/track', 200],
    ['GET', '/api/track/1', '/api/track/{track_id}', 200],
    ['GET', '/api/tag/a%2Cb,c%2Fd', '/api/tag/{a},{b}', 200],
    ['POST', '/api/artist', '/api/artist', 201, { body: { name: 'one' } }],
    ['POST', '/api/artist', '/api/artist', 201, { body: [{ name: 'one' }, { name: null }] }],
    ['PUT', '/api/artist/1', '/api/artist/{artist_id}', 200, { body: { name: 'put' } }],
    ['PATCH', '/api/artist/1', '/api/artist/{artist_id}', 200, { body: { name: 'patched' } }],
    ['GET', '/api/long_track', '/api/long_track', 200],
    ['GET', '/api/album?fields=title,artist(name),track(name)', '/api/album', 200],
    ['GET', '/api/track?fields=album_id,count()&group=album_id', '/api/track', 200],
    ['GET', '/api/track?cursor=&limit=2', '/api/track', 200],
    ['GET', '/api/track?distinct=album_id&or=(track_id.eq.1,name.eq.x)', '/api/track', 200],
    ['POST', '/api/album', '/api/album', 201, { body: { title: 'one', artist: { name: 'new' } } }],
    [
      'PATCH',
      '/api/artist/1',
      '/api/artist/{artist_id}',
      200,
      { body: { album: [{ title: 'added' }, { album_id: 1, title: 'changed' }] } },
    ],
  ];
  for (const [method, path, pattern, status, options] of requests) {
    const sent = options?.body === undefined ? '' : ` ${JSON.stringify(options.body)}`;
    it(`${method} ${path}${sent} answers as described`, async () => {
      const answer: Answer = await api.call(method, path, options);
      if (options?.body !== undefined) assert.deepEqual(bodyErrorsOf(pattern, method, options.body), []);
      assert.equal(answer.status, status, answer.message);
      assert.deepEqual(errorsOf(pattern, method.toLowerCase(), status, answer.body), []);
    });
  }

  it('every query name it offers for a list is one the API knows', async () => {
    const { parameters } = (
      document['paths'] as Record<string, Record<string, { parameters: { $ref?: string }[] }>>
    )['/api/track']!['get']!;
    const components = (
      document['components'] as { parameters: Record<string, { in: string; name: string }> }
    ).parameters;
    const names = parameters.flatMap(({ $ref }) => components[$ref?.split('/').at(-1) ?? ''] ?? []);
    assert.ok(names.length > 5);
    for (const { name, in: place } of names) {
      if (place !== 'query') continue;
      const answer = await api.call('GET', `/api/track?${name}=%20`);
      // An unknown name would be an unknown column.
      assert.notEqual(answer.code, 'MF402', name);
    }
  });
});

function escaped(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll("'", "''");
}

/** Where a part of a document stands, as a JSON pointer. */
function pointerOf(document: Node, part: unknown): string {
  const search = (node: unknown, at: string): string | undefined => {
    if (node === part) return at;
    if (typeof node !== 'object' || node === null) return undefined;
    for (const [name, child] of Object.entries(node)) {
      const found = search(
        child,
        `${at}/${encodeURIComponent(name.replaceAll('~', '~0').replaceAll('/', '~1'))}`,
      );
      if (found !== undefined) return found;
    }
    return undefined;
  };
  const found = search(document, '');
  assert.ok(found !== undefined);
  return found;
}
