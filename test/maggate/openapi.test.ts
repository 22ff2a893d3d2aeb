import assert from 'node:assert/strict';
import { furtherNames, reservedNames } from '../../extensions/maggate/dialects/api/reserved-names.ts';
import { gateway } from '../../extensions/maggate/gateway.ts';
import { problemCodes } from '../../extensions/maggate/openapi/problem-codes.ts';
import { queryParameters } from '../../extensions/maggate/openapi/query-parameters.ts';
import { errorCatalog } from '../../runtime/errors/error-catalog.ts';
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

  it('describes as many operations on tables as GET /api lists', async () => {
    const { body } = await api.call('GET', '/api');
    assert.equal(document['openapi'], '3.1.0');
    const ofTables = operationsOf(document).filter(
      (operation) => !['overview', 'batch'].includes(String(operation['tags'])),
    );
    assert.equal(ofTables.length, body.meta.count);
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

  const schemaOf = (name: string): Node =>
    (document['components'] as { schemas: Record<string, Node> }).schemas[name]!;
  const propertyOf = (name: string, column: string): unknown =>
    (schemaOf(name)['properties'] as Node)[column];

  it('a row says its types', () => {
    const int4 = { type: 'integer', format: 'int32', minimum: -2147483648, maximum: 2147483647 };
    assert.deepEqual(propertyOf('row.track', 'track_id'), { ...int4, 'x-postgres-type': 'integer' });
    assert.deepEqual(propertyOf('row.track', 'explicit'), {
      type: ['boolean', 'null'],
      'x-postgres-type': 'boolean',
    });
    assert.deepEqual(propertyOf('row.album', 'title'), {
      type: 'string',
      maxLength: 160,
      'x-postgres-type': 'character varying(160)',
    });
    assert.equal((propertyOf('row.stamped', 'shout') as Node)['readOnly'], true);
  });

  it('a body says what it must hold, what it may, and what it gets else', () => {
    assert.deepEqual(schemaOf('insert.track')['required'], ['name', 'milliseconds']);
    assert.equal(schemaOf('update.track')['required'], undefined);
    assert.deepEqual(schemaOf('insert.track')['allOf'], [{ $ref: '#/components/schemas/update.track' }]);
    assert.equal(schemaOf('update.track')['additionalProperties'], false);
    assert.equal((propertyOf('update.track', 'unit_price') as Node)['default'], 0.99);
    assert.equal((propertyOf('update.track', 'composer') as Node)['default'], 'unknown');
    assert.equal('default' in (propertyOf('update.track', 'track_id') as Node), false, 'an expression');
  });

  it('rows may hold rows of related tables, read and written; what such a row fills is not demanded', () => {
    assert.deepEqual(propertyOf('row.album', 'artist'), {
      anyOf: [{ $ref: '#/components/schemas/row.artist' }, { type: 'null' }],
    });
    const items = { $ref: '#/components/schemas/update.track' };
    assert.deepEqual(propertyOf('update.album', 'track'), { type: 'array', items });
    assert.deepEqual(schemaOf('insert.album')['required'], ['title']);
    assert.equal(propertyOf('row.secret', 'artist'), undefined);
  });

  it('shows a public key only the tables it may use', async () => {
    const own = (await api.call('GET', '/api/openapi.json', { role: 'anon' })).body;
    assert.deepEqual(Object.keys(own.paths), [
      '/api',
      '/api/openapi.json',
      '/batch/v1',
      '/api/artist',
      '/api/artist/{artist_id}',
    ]);
    assert.equal(JSON.stringify(own).includes('secret'), false);
  });

  it('shows a key with rights on columns only those columns, and no row it cannot name', async () => {
    await api.sql(`grant select (name, milliseconds), insert (name) on track to authenticated;
      grant select (album_id, title), update (title) on album to authenticated`);
    const own = (await api.call('GET', '/api/openapi.json', { role: 'authenticated' })).body;
    const { schemas } = own.components;
    assert.deepEqual(Object.keys(schemas['row.track'].properties), ['name', 'milliseconds']);
    assert.deepEqual(Object.keys(schemas['insert.track'].properties), ['name', '$delete', '$upsert']);
    assert.equal(own.paths['/api/track/{track_id}'], undefined);
    assert.deepEqual(Object.keys(own.paths['/api/album/{album_id}']), ['parameters', 'get', 'put', 'patch']);
    assert.deepEqual(Object.keys(schemas['update.album'].properties), [
      'title',
      '$delete',
      '$upsert',
      'track',
    ]);
    for (const hidden of ['composer', 'unit_price', 'artist_id']) {
      assert.equal(JSON.stringify(own).includes(hidden), false, hidden);
    }
  });

  it('is not sent again to who has it; another caller, or a changed schema, has another tag', async () => {
    const tagFor = async (role: 'anon' | 'service_role'): Promise<string> =>
      (await api.call('GET', '/api/openapi.json', { role })).headers['etag']!;
    const own = await tagFor('service_role');
    const headers = { 'if-none-match': `"other", ${own}` };
    const again = await api.call('GET', '/api/openapi.json', { headers });
    assert.deepEqual([again.status, again.text, again.headers['etag']], [304, '', own]);
    assert.notEqual(await tagFor('anon'), own);
    assert.equal((await api.call('GET', '/api/openapi.json', { role: 'anon', headers })).status, 200);
    await api.sql('alter table tag add added int');
    await api.reload();
    assert.notEqual(await tagFor('service_role'), own);
    await api.sql('revoke select on artist from anon; grant insert on artist to anon');
    const withInsert = await tagFor('anon');
    await api.sql('revoke insert on artist from anon; grant select on artist to anon');
    assert.notEqual(withInsert, await tagFor('anon'));
  });

  it('is another one after the schema changed, and for another caller', async () => {
    await api.sql('create table fresh (id int primary key); grant all on fresh to service_role');
    await api.reload();
    const own = (await api.call('GET', '/api/openapi.json')).body;
    assert.ok(own.paths['/api/fresh']);
    const other = (await api.call('GET', '/api/openapi.json', { role: 'anon' })).body;
    assert.equal(other.paths['/api/fresh'], undefined);
  });

  it('describes batches exactly where they are served', () => {
    const prefixes = gateway.mounts.map((mount) => (typeof mount === 'string' ? mount : mount.prefix));
    assert.equal('/batch/v1' in (document['paths'] as Node), prefixes.includes('/batch/v1'));
  });

  it('each query name with a meaning is described', () => {
    for (const name of [...reservedNames, ...furtherNames]) assert.ok(queryParameters[name], name);
  });

  it('each error code it names is one of that status', () => {
    for (const [status, codes] of Object.entries(problemCodes)) {
      for (const code of codes) {
        assert.equal(
          (errorCatalog as Record<string, { status: number }>)[code]?.status,
          Number(status),
          code,
        );
      }
    }
  });

  it('names each error of the data API', () => {
    const named: readonly string[] = Object.values(problemCodes).flat();
    const missing = Object.keys(errorCatalog).filter((code) => /^MF[14]/.test(code) && !named.includes(code));
    // Said by the connection, before a request is known to be one for an API.
    assert.deepEqual(missing, ['MF117']);
  });
});
