import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Compile } from 'typebox/schema';
import { firstMisfit } from '../../../sandbox/package/first-misfit.ts';
import { manifestSchema } from '../../../sandbox/package/manifest-schema.ts';
import { parseManifest } from '../../../sandbox/package/parse-manifest.ts';
import { readManifest } from '../../../sandbox/package/read-manifest.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { plainManifest } from './package-of.ts';

const full = {
  ...plainManifest,
  permissions: [
    { capability: 'db.read', scope: ['orders(id,total)', 'public.users'], reason: 'It sums up.' },
    { capability: 'db.schema', scope: ['*'], reason: 'It keeps results.' },
    { capability: 'events.on', scope: ['order.paid'], reason: 'It reacts.' },
    { capability: 'http.route', scope: ['*'], reason: 'It answers.', optional: true },
    {
      capability: 'net.fetch',
      scope: ['api.example.com', '*.example.org:8443', '192.0.2.7'],
      reason: 'It tells.',
    },
    { capability: 'secrets.read', scope: ['SMTP_PASSWORD'], reason: 'It logs in.' },
  ],
  extensionApi: 1,
  engine: '>=0.1.0 <1.0.0',
  dependencies: { 'acme.base': '^1.2.0' },
  main: 'source/index.ts',
  $schema: './node_modules/@magflock/sdk/magflock.extension.schema.json',
  homepage: 'https://example.com/hello',
  hooks: [
    { when: 'before', tables: ['*'], operations: ['create', 'update'], timeoutMs: 50, onFailure: 'pass' },
  ],
  events: ['order.paid'],
  schedules: [{ name: 'nightly', cron: '0 3 * * *', timezone: 'Europe/Berlin' }],
  startup: true,
  migrations: ['migrations/001-start.sql'],
  config: {
    type: 'object',
    properties: {
      greeting: { type: 'string', default: 'hi', enum: ['hi', 'ho'] },
      times: { type: 'integer' },
    },
    required: ['times'],
    additionalProperties: false,
  },
  limits: { memoryMegabytes: 64, egressBytesPerMinute: 0 },
  stateVersion: 2,
};

const parse = (value: unknown): unknown => parseManifest(Buffer.from(JSON.stringify(value)), 'm.json');
const route = plainManifest.permissions[0];
const permission = (capability: string, ...scope: string[]) => ({
  ...plainManifest,
  routes: [],
  permissions: [{ capability, scope, reason: 'x' }],
});

describe('sandbox: manifest of a package', () => {
  const folder = temporaryFolder();

  it('may use every field', () => assert.deepEqual(parse(full), full));

  const faulty: readonly (readonly [value: unknown, problem: string])[] = [
    [{ ...full, id: 'acme.other' }, 'id must end with the name: <publisher>.hello'],
    [{ ...full, id: 'аcme.hello' }, 'id must match'],
    [{ ...full, id: 'acme.hello.evil' }, 'id must match'],
    [{ ...full, id: '-acme.hello' }, 'id must match'],
    [{ ...full, version: '1.0' }, 'version must match'],
    [{ ...full, version: '01.0.0' }, 'version must match'],
    [{ ...full, version: '1.0.0-01' }, 'version must be a semantic version: 1.2.3'],
    [{ ...full, description: 'a\u202eb' }, 'description must match'],
    [{ ...full, description: '  ' }, 'description must match'],
    [{ ...full, description: 'x'.repeat(501) }, 'description must have at most 500 characters'],
    [{ ...full, engine: 'newest' }, 'engine must be a semver range: >=0.1.0 <1.0.0'],
    [
      { ...full, dependencies: { 'acme.base': 'x.y' } },
      'dependencies.acme.base must be a semver range: ^1.2.0',
    ],
    [{ ...full, dependencies: { 'acme.hello': '*' } }, 'dependencies.acme.hello is the extension itself'],
    [{ ...full, dependencies: { Base: '*' } }, 'dependencies.Base has a name that must match'],
    [{ ...full, main: '../index.ts' }, 'main must match'],
    [{ ...full, main: '/etc/passwd' }, 'main must match'],
    [{ ...full, homepage: 'javascript:alert(1)' }, 'homepage must match'],
    [{ ...full, extensionApi: 1.5 }, 'extensionApi must be a whole number'],
    [{ ...full, extensionApi: 0 }, 'extensionApi must be at least 1'],
    [{ ...full, startup: 'yes' }, 'startup must be true or false'],
    [{ ...full, limits: { memoryMegabytes: 4096 } }, 'limits.memoryMegabytes must be at most 1024'],
    [
      { ...full, limits: { memory: 1 } },
      'limits.memory is no field here; there are cpuMsPerCall, cpuMsPerMinute',
    ],
    [{ ...full, events: ['order.lost'] }, 'events.0 must be in the scope of events.on, which has order.paid'],
    [{ ...full, events: ['order.paid', 'order.paid'] }, 'events.1 is there twice'],
    [{ ...plainManifest, permissions: [] }, 'routes need the permission http.route'],
    [{ ...plainManifest, permissions: [route, route] }, 'permissions.1 has the capability of another one'],
    [{ ...plainManifest, events: ['a.b'] }, 'events need the permission events.on'],
    [{ ...plainManifest, migrations: ['migrations/1.sql'] }, 'migrations need the permission db.schema'],
    [{ ...full, migrations: ['migrations/../1.sql'] }, 'migrations.0 must match'],
    [
      { ...full, schedules: [{ name: 'a', cron: '61 * * * *' }] },
      'schedules.0.cron must be a cron expression',
    ],
    [
      { ...full, schedules: [{ name: 'a', cron: '0 0 31 2 *' }] },
      'schedules.0.cron must be a time that comes',
    ],
    [{ ...full, schedules: [{ name: 'a', cron: '* * *' }] }, 'schedules.0.cron must have five or six fields'],
    [
      { ...full, schedules: [{ name: 'a', cron: '* * * * *', timezone: 'Moon/Base' }] },
      'schedules.0.timezone must be an IANA name: Europe/Berlin',
    ],
    [
      {
        ...plainManifest,
        routes: [
          { method: 'GET', path: '/a/:x' },
          { method: 'GET', path: '/a/:y' },
        ],
      },
      'routes.1 has the method and path of another one',
    ],
    [{ ...plainManifest, routes: [{ method: 'GET', path: '/../x' }] }, 'routes.0.path must match'],
    [
      { ...plainManifest, routes: [{ method: 'TRACE', path: '/' }] },
      'routes.0.method must be one of GET, POST',
    ],
    [permission('cache', 'mine'), 'permissions.0.scope.0 must be *'],
    [
      permission('db.read', 'orders; drop'),
      'permissions.0.scope.0 must be *, a table or a table with columns',
    ],
    [permission('db.read', '*', 'orders'), 'permissions.0.scope must be * alone or a list without it'],
    [permission('db.read', 'a', 'a'), 'permissions.0.scope.1 is there twice'],
    [
      permission('net.fetch', 'https://x.com'),
      'permissions.0.scope.0 must be *, a host, *.host or host:port',
    ],
    [permission('net.fetch', '2130706433'), 'permissions.0.scope.0 must be *, a host'],
    [permission('net.fetch', '0x7f.1'), 'permissions.0.scope.0 must be *, a host'],
    [permission('net.fetch', 'a.com:99999'), 'permissions.0.scope.0 must be *, a host'],
    [permission('net.fetch', 'еxample.com'), 'permissions.0.scope.0 must be *, a host'],
    [permission('http.mount', '/../api'), 'permissions.0.scope.0 must be a path prefix: /reports'],
    [permission('kernel.panic', '*'), 'permissions.0.capability must be one of db.read, db.write'],
    [{ ...full, config: { type: 'array', properties: {} } }, 'config.type must be one of object'],
    [
      { ...full, config: { type: 'object', properties: { a: { type: 'object' } } } },
      'config.properties.a.type must be one of',
    ],
    [
      { ...full, config: { type: 'object', properties: { a: { type: 'integer', default: 'x' } } } },
      'config.properties.a.default must be a integer',
    ],
    [
      { ...full, config: { type: 'object', properties: {}, required: ['b'] } },
      'config.required.0 must be a name of config.properties',
    ],
  ];
  for (const [value, problem] of faulty) {
    it(`says: ${problem}`, () => {
      assert.throws(
        () => parse(value),
        (error: { code: string; message: string }) => {
          assert.equal(error.code, 'MF620');
          assert.ok(error.message.startsWith(`The manifest of m.json is invalid: ${problem}`), error.message);
          return true;
        },
      );
    });
  }

  const texts: readonly (readonly [file: string, text: string | Buffer, problem: RegExp])[] = [
    ['m.json', '{"id":1,"id":2}', /the key id is there twice/],
    ['m.json', '{"a":{"\\u0069d":1,"id":2}}', /the key id is there twice/],
    ['m.json', '{"__proto__":{}}', /the key __proto__ is not allowed/],
    ['m.json', '{"config":{"\\u005f_proto__":1}}', /the key __proto__ is not allowed/],
    ['m.json', `${'['.repeat(40)}${']'.repeat(40)}`, /nested deeper than 32 levels/],
    ['m.json', '{', /JSON/],
    ['m.json', Buffer.from([0x22, 0xff, 0x22]), /encoded data/],
    ['m.json', `"${'x'.repeat(256 * 1024)}"`, /262146 bytes, at most 262144 are allowed/],
    ['m.yaml', 'id: 1\nid: 2\n', /unique/],
    ['m.yaml', '__proto__: 1\n', /the key __proto__ is not allowed/],
    ['m.yaml', 'a: &x [1]\nb: *x\n', /the (anchor &x|alias \*x) is not allowed/],
    ['m.yaml', 'a: !!js/function x\n', /[Uu]nresolved tag|tag/],
    ['m.yaml', 'a: !!binary aGk=\n', /tag/],
    ['m.yml', 'a: 1\n---\nb: 1\n', /multiple documents/],
    ['m.yml', '<<: {id: x}\n', /the key << is not allowed/],
    ['m.yml', '[1]: 2\n', /key/],
    ['m.yaml', `${'['.repeat(200)}${']'.repeat(200)}`, /nested deeper|depth/],
  ];
  for (const [file, text, problem] of texts) {
    it(`refuses ${file} ${JSON.stringify(text.toString().slice(0, 40))}`, () => {
      assert.throws(
        () => parseManifest(Buffer.from(text as string), file),
        (error: { code: string; message: string }) => error.code === 'MF620' && problem.test(error.message),
      );
    });
  }

  it('a bomb of YAML aliases ends at once', () => {
    const rows = Array.from({ length: 20 }, (_, at) => `a${at}: &a${at} [${`*a${at - 1},`.repeat(9)}]`);
    assert.throws(() => parseManifest(Buffer.from(rows.join('\n')), 'm.yaml'), { code: 'MF620' });
  });

  it('is the same from JSON and from YAML', () => {
    const yaml = `id: acme.hello
name: hello
version: 1.0.0
description: Says hello.
requiredComponents: []
permissions:
  - capability: http.route
    scope: ['*']
    reason: It answers.
routes:
  - { method: GET, path: '/hello/:who' }
`;
    writeFileSync(join(folder(), 'magflock.extension.yaml'), yaml);
    assert.deepEqual(readManifest(folder()), { file: 'magflock.extension.yaml', manifest: plainManifest });
  });

  it('is needed once', () => {
    assert.throws(() => readManifest(folder()), {
      code: 'MF620',
      message: /has no magflock\.extension\.json/,
    });
    writeFileSync(join(folder(), 'magflock.extension.yml'), '');
    writeFileSync(join(folder(), 'magflock.extension.json'), '{}');
    assert.throws(() => readManifest(folder()), { code: 'MF620', message: /one is allowed/ });
  });

  it('is no link and no folder', () => {
    symlinkSync('/etc/passwd', join(folder(), 'magflock.extension.json'));
    assert.throws(() => readManifest(folder()), { code: 'MF620', message: /it is a link/ });
    mkdirSync(join(folder(), 'x', 'magflock.extension.json'), { recursive: true });
    assert.throws(() => readManifest(join(folder(), 'x')), { code: 'MF620', message: /is not a file/ });
  });

  it('has a published schema, which is the one that is used', () => {
    const file = new URL('../../../extensions/sdk/magflock.extension.schema.json', import.meta.url);
    const published = {
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Manifest of a MagFlock extension',
      ...manifestSchema,
    };
    if (process.env['MAGFLOCK_UPDATE_GOLDEN'] === '1')
      writeFileSync(file, `${JSON.stringify(published, null, 2)}\n`);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), published, 'MAGFLOCK_UPDATE_GOLDEN=1 writes it');
  });

  it('is judged alike by a general validator of JSON Schema', () => {
    const general = Compile(manifestSchema as never);
    assert.ok(general.Check(full));
    for (const [value, problem] of faulty) {
      assert.equal(general.Check(value), firstMisfit(manifestSchema, value) === undefined, problem);
    }
  });
});
