import assert from 'node:assert/strict';
import { type Api, openApi } from './api-harness.ts';
import { chinookLike } from './chinook-like.ts';

type Node = Record<string, unknown>;

describe('MagGate: OpenAPI', () => {
  let api: Api;
  let document: Node;
  before(async function () {
    this.timeout(60_000);
    api = await openApi(`${chinookLike}; grant select on artist to anon`);
    document = (await api.call('GET', '/api/openapi.json')).body;
  });
  after(() => api.close());

  const operationsOf = (from: Node): Node[] =>
    Object.values(from['paths'] as Node).flatMap((item) =>
      Object.entries(item as Node)
        .filter(([key]) => key !== 'parameters')
        .map(([, operation]) => operation as Node),
    );

  it('describes as many operations as GET /api lists', async () => {
    const { body } = await api.call('GET', '/api');
    assert.equal(document['openapi'], '3.1.0');
    assert.equal(operationsOf(document).length, body.meta.count);
  });

  it('every reference leads somewhere', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
      (match) => match[1]!,
    );
    assert.ok(references.length > 20);
    for (const reference of references) {
      let at: unknown = document;
      for (const step of reference.split('/')) at = (at as Node | undefined)?.[step];
      assert.notEqual(at, undefined, reference);
    }
  });

  it('component names and operation ids are valid and unique', () => {
    const { schemas } = document['components'] as { schemas: Node };
    for (const name of Object.keys(schemas)) assert.match(name, /^[a-zA-Z0-9._-]+$/);
    const ids = operationsOf(document).map((operation) => operation['operationId']);
    assert.equal(new Set(ids).size, ids.length);
  });

  it('every variable of a path is a required parameter', () => {
    for (const [path, item] of Object.entries(document['paths'] as Record<string, Node>)) {
      const variables = [...path.matchAll(/\{([^}]+)\}/g)].map((match) => match[1]);
      const parameters = (item['parameters'] ?? []) as { name: string; in: string; required: boolean }[];
      assert.deepEqual(
        parameters.map((parameter) => parameter.name),
        variables,
      );
      assert.ok(parameters.every((parameter) => parameter.in === 'path' && parameter.required));
    }
  });

  it('parameters of a list are unique, reserved names behind col.', () => {
    const odd = (document['paths'] as Record<string, Record<string, Node>>)[
      `/api/${encodeURIComponent('Odd "Table" é')}`
    ]!['get']!;
    const parameters = odd['parameters'] as readonly { name?: string; $ref?: string }[];
    const names = parameters.map((parameter) => parameter.name ?? parameter.$ref!.split('/').at(-1));
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes('col.sort') && names.includes('col.limit') && names.includes('col.col.x'));
  });

  it('a row says its types', () => {
    const { schemas } = document['components'] as { schemas: Record<string, { properties: Node }> };
    const { properties } = schemas['row.track']!;
    assert.deepEqual(properties['track_id'], {
      type: 'integer',
      format: 'int32',
      'x-postgres-type': 'integer',
    });
    assert.deepEqual(properties['explicit'], { type: ['boolean', 'null'], 'x-postgres-type': 'boolean' });
    assert.equal((schemas['row.stamped']!.properties['shout'] as Node)['readOnly'], true);
  });

  it('shows a public key only what it may do', async () => {
    const own = (await api.call('GET', '/api/openapi.json', { role: 'anon' })).body;
    assert.deepEqual(Object.keys(own.paths), ['/api/artist', '/api/artist/{artist_id}']);
    assert.equal(JSON.stringify(own).includes('secret'), false);
  });
});
