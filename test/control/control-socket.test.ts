import assert from 'node:assert/strict';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer } from 'node:net';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { type ControlHarness, controlHarness, type Reply } from './control-harness.ts';

describe('the control socket', () => {
  const folder = temporaryFolder();
  let control: ControlHarness;
  const start = async (parts?: Readonly<Record<string, Reply>>): Promise<ControlHarness> => {
    control = await controlHarness(folder(), parts);
    return control;
  };
  afterEach(async () => {
    await control.stop();
  });

  it('is open to its owner only, and takes the place of one left behind', async () => {
    writeFileSync(`${folder()}/control.sock`, '');
    await start();
    assert.equal(statSync(control.socket).mode & 0o777, 0o600);
    assert.equal((await control.call('GET', '/settings')).status, 200);
  });

  it('is gone after stop', async () => {
    await start();
    await control.stop();
    assert.equal(existsSync(control.socket), false);
  });

  describe('answers nobody without the token', () => {
    const rows: readonly [name: string, token: string | null][] = [
      ['none', null],
      ['an empty one', ''],
      ['another', 'other-token'],
      ['a part of it', 'test-toke'],
      ['more than it', 'test-token1'],
      ['the right one with a second word', 'test-token test-token'],
    ];
    for (const [name, token] of rows) {
      it(name, async () => {
        await start();
        for (const [method, path] of [
          ['GET', '/status'],
          ['POST', '/stop'],
          ['GET', '/nothing'],
        ] as const) {
          const { status, json, type } = await control.call(method, path, { token });
          assert.equal(status, 401);
          assert.equal(json.code, 'MF804');
          assert.match(type, /application\/problem\+json/);
        }
        assert.deepEqual(control.asked, []);
      });
    }
  });

  describe('refuses input it does not know, before any part is asked', () => {
    const long = 'x'.repeat(41);
    const rows: readonly [
      name: string,
      method: string,
      path: string,
      options: { body?: unknown; raw?: string | Buffer; type?: string },
      status: number,
      told: RegExp,
    ][] = [
      ['an address that does not exist', 'GET', '/nothing', {}, 404, /no address of the control socket/],
      ['an address outside the prefix', 'GET', '/control/v2/status', {}, 404, /no address/],
      ['another method', 'GET', '/sql', {}, 404, /no address/],
      [
        'a body of another type',
        'POST',
        '/sql',
        { raw: 'x', type: 'text/plain' },
        415,
        /text\/plain, not JSON/,
      ],
      ['no body', 'POST', '/sql', {}, 415, /no stated type/],
      ['a body that is not JSON', 'POST', '/sql', { raw: '{' }, 400, /JSON/],
      ['a body that is not UTF-8', 'POST', '/sql', { raw: Buffer.from([0x22, 0xff, 0x22]) }, 400, /UTF-8/],
      ['a list for an object', 'POST', '/sql', { body: [] }, 400, /^body/],
      ['a missing field', 'POST', '/sql', { body: { project: 'main' } }, 400, /body: .*text/],
      [
        'a field of the wrong type',
        'POST',
        '/sql',
        { body: { project: 'main', text: 1 } },
        400,
        /^body\.text: must be string/,
      ],
      [
        'a field too many',
        'POST',
        '/sql',
        { body: { project: 'main', text: '', x: 1 } },
        400,
        /"x" is not known here/,
      ],
      [
        'a ref with other letters',
        'POST',
        '/sql',
        { body: { project: 'a-b', text: '' } },
        400,
        /^body\.project/,
      ],
      ['a ref that is too long', 'POST', '/projects', { body: { ref: long } }, 400, /^body\.ref/],
      ['a ref in the path', 'GET', '/projects/..%2Fmain', {}, 400, /cannot be the ref/],
      [
        'a role that is none',
        'POST',
        '/keys',
        { body: { role: 'postgres' } },
        400,
        /body\.role: must be one of anon, service_role/,
      ],
      [
        'an operation that is none',
        'POST',
        '/expose',
        { body: { project: 'main', table: 't', role: 'anon', operations: ['drop'] } },
        400,
        /operations\.0: must be one of select/,
      ],
      [
        'no operation',
        'POST',
        '/expose',
        { body: { project: 'main', table: 't', role: 'anon', operations: [] } },
        400,
        /operations/,
      ],
      ['a key in place of its id', 'DELETE', '/keys/ak_sec_main_abc', {}, 400, /not the id of a key/],
      ['an unknown query parameter', 'GET', '/keys?projct=main', {}, 400, /"projct" is not known here/],
      ['a query parameter twice', 'GET', '/keys?project=a&project=b', {}, 400, /"project" is given twice/],
      ['a query where none is taken', 'GET', '/status?x=1', {}, 400, /"x" is not known here/],
      ['a limit that is a word', 'GET', '/logs?limit=all', {}, 400, /^query\.limit: must be integer/],
      ['a limit beyond its bound', 'GET', '/logs?limit=100000', {}, 400, /^query\.limit/],
      ['a kind that is none', 'GET', '/logs?kinds=threat,fun', {}, 400, /"fun" is no kind of entry/],
      ['an event that is none', 'GET', '/events?names=x.y', {}, 400, /"x\.y" is no event/],
      [
        'a negative grace',
        'POST',
        '/keys/k1/rotate',
        { body: { graceSeconds: -1 } },
        400,
        /body\.graceSeconds/,
      ],
    ];
    for (const [name, method, path, options, status, told] of rows) {
      it(name, async () => {
        await start();
        const answer = await control.call(method, path, options);
        assert.equal(answer.status, status, answer.text);
        assert.match(answer.json.detail, told);
        assert.match(answer.json.code, /^MF1/);
        assert.ok(answer.json.fix);
        assert.deepEqual(control.asked, []);
      });
    }

    it('a relative path of an import', async () => {
      await start();
      const answer = await control.call('POST', '/import', { body: { project: 'main', file: 'x.sql' } });
      assert.equal(answer.status, 400);
      assert.match(answer.json.detail, /not an absolute path/);
      assert.ok(!control.asked.some(({ part }) => part === 'storage'));
    });
  });

  describe('hands on what it was asked', () => {
    const rows: readonly [
      method: string,
      path: string,
      body: unknown,
      part: string,
      ask: string,
      payload: unknown,
    ][] = [
      ['GET', '/health', undefined, 'motherboard', 'healthCheck', null],
      ['GET', '/post', undefined, 'motherboard', 'post', null],
      ['POST', '/restart', { part: 'psu' }, 'motherboard', 'restart', { part: 'psu' }],
      [
        'POST',
        '/settings',
        { name: 'log.level', value: 'debug' },
        'motherboard',
        'setSetting',
        { name: 'log.level', value: 'debug' },
      ],
      ['POST', '/settings/reload', undefined, 'motherboard', 'reloadSettings', null],
      [
        'POST',
        '/swap',
        { part: 'psu', module: '/parts/psu-2.actor.js' },
        'motherboard',
        'swap',
        { part: 'psu', module: '/parts/psu-2.actor.js' },
      ],
      ['POST', '/stop', {}, 'motherboard', 'shutdown', { reason: 'magflock stop' }],
      [
        'POST',
        '/sql',
        { project: 'main', text: 'select 1' },
        'storage',
        'sql',
        { project: 'main', text: 'select 1' },
      ],
      ['POST', '/projects', { ref: 'shop' }, 'storage', 'createProject', { ref: 'shop' }],
      ['DELETE', '/projects/shop', undefined, 'storage', 'removeProject', { ref: 'shop' }],
      ['GET', '/keys', undefined, 'psu', 'listKeys', { project: 'main' }],
      ['POST', '/keys?project=shop', { role: 'anon' }, 'psu', 'createKey', { role: 'anon', project: 'shop' }],
      ['DELETE', '/keys/k1?project=shop', undefined, 'psu', 'revokeKey', { project: 'shop', id: 'k1' }],
      [
        'POST',
        '/keys/k1/rotate',
        { graceSeconds: 5 },
        'psu',
        'rotateKey',
        { graceSeconds: 5, project: 'main', id: 'k1' },
      ],
      [
        'GET',
        '/logs?kinds=threat,admin&after=3&limit=9',
        undefined,
        'audit',
        'read',
        { project: 'main', limit: 9, kinds: ['threat', 'admin'], after: 3 },
      ],
      ['GET', '/logs/verify', undefined, 'audit', 'verify', {}],
      ['POST', '/checkpoint', { project: 'main' }, 'audit', 'checkpoint', { project: 'main' }],
      ['GET', '/sentinel', undefined, 'sentinel', 'status', null],
    ];
    for (const [method, path, body, part, ask, payload] of rows) {
      it(`${method} ${path}`, async () => {
        await start();
        const { status, text } = await control.call(method, path, body === undefined ? {} : { body });
        assert.ok(status === 200 || status === 201, text);
        assert.deepEqual(control.asked.at(-1), { part, method: ask, payload });
        const acts = control.asked.filter((asked) => asked.method === 'append');
        assert.equal(
          acts.length,
          method === 'GET' ? 0 : 1,
          'whatever changes something is in the trail, once',
        );
      });
    }
  });

  describe('the audit trail', () => {
    it('has the act before it is done, with the digest of a text and never the text', async () => {
      await start();
      await control.call('POST', '/sql', {
        body: { project: 'main', text: "insert into t values ('hunter2')" },
      });
      const [first, second] = control.asked;
      assert.equal(first?.method, 'append');
      assert.equal(second?.method, 'sql');
      assert.match(JSON.stringify(first?.payload), /"action":"sql".*"digest":"[0-9a-f]{64}"/);
      assert.doesNotMatch(JSON.stringify(first?.payload), /hunter2/);
    });

    it('that does not answer stops the act', async () => {
      await start({
        audit() {
          throw new MagFlockError('MF503', 'down');
        },
      });
      const { status, json } = await control.call('DELETE', '/projects/shop');
      assert.equal(status, 503);
      assert.match(json.detail, /project\.remove was not done/);
      assert.ok(!control.asked.some(({ part }) => part === 'storage'));
    });

    it('that does not answer does not hold up restart and stop', async () => {
      await start({
        audit() {
          throw new MagFlockError('MF503', 'down');
        },
        motherboard: () => ({ stopping: true }),
      });
      assert.equal((await control.call('POST', '/stop', { body: {} })).status, 200);
    });

    it('has a second entry when the act failed', async () => {
      await start({
        storage() {
          throw new MagFlockError('MF509', 'there is one already');
        },
      });
      const { status, json } = await control.call('POST', '/projects', { body: { ref: 'shop' } });
      assert.equal(status, 409);
      assert.equal(json.code, 'MF509');
      const actions = control.asked.flatMap(({ payload }) => (payload as { action?: string }).action ?? []);
      assert.deepEqual(actions, ['project.create', 'project.create.failed']);
    });
  });

  it('tells nothing of an unexpected error but its request', async () => {
    await start({
      motherboard() {
        throw new Error('secret detail in /root/path');
      },
    });
    const { status, text } = await control.call('GET', '/health');
    assert.equal(status, 500);
    assert.doesNotMatch(text, /secret detail|root/);
  });

  it('adds the REST address to a project', async () => {
    await start({
      storage: (_method, payload) => ({ ref: (payload as { ref: string }).ref, databaseUrl: 'x' }),
    });
    control.state.url = 'http://127.0.0.1:1';
    assert.equal((await control.call('GET', '/projects/main')).json.restUrl, 'http://127.0.0.1:1/api');
    assert.equal((await control.call('GET', '/projects/shop')).json.restUrl, 'http://127.0.0.1:1/p/shop/api');
  });

  it('streams the progress of an import and ends with its result', async () => {
    await start({
      storage: async (method) => {
        if (method === 'importProgress') return { bytes: 1, totalBytes: 9, statements: 1, rows: 0 };
        await new Promise((resolve) => setTimeout(resolve, 600));
        return { bytes: 9, totalBytes: 9, statements: 3, rows: 2 };
      },
    });
    const { text, type } = await control.call('POST', '/import', {
      body: { project: 'main', file: '/x.sql' },
    });
    const lines = text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    assert.match(type, /application\/x-ndjson/);
    assert.ok(lines.length >= 2, text);
    assert.deepEqual(lines.at(-1), { done: true, bytes: 9, totalBytes: 9, statements: 3, rows: 2 });
  });

  it('ends a failed import with its error', async () => {
    await start({
      storage() {
        throw new MagFlockError('MF511', 'line 3: no such table');
      },
    });
    const { text } = await control.call('POST', '/import', { body: { project: 'main', file: '/x.sql' } });
    assert.equal(JSON.parse(text).error.code, 'MF511');
  });

  it('streams events from the moment of its first line, and lets go when the reader leaves', async () => {
    await start();
    const before = control.subscriptions();
    const lines: unknown[] = [];
    const left = Promise.withResolvers<void>();
    const call = request({
      socketPath: control.socket,
      path: '/control/v1/events?names=threat.detected',
      headers: { authorization: `Bearer ${control.token}` },
      agent: false,
    });
    call.on('error', () => {});
    call.on('response', (response) => {
      response.setEncoding('utf8');
      response.on('error', () => {});
      response.on('data', (chunk: string) => {
        for (const line of chunk.trim().split('\n')) lines.push(JSON.parse(line));
        if (lines.length === 1) control.emit('threat.detected', { incident: 'i1' });
        else {
          call.destroy();
          left.resolve();
        }
      });
    });
    call.end();
    await left.promise;
    assert.equal((lines[0] as { name: string }).name, 'stream.open');
    assert.deepEqual((lines[1] as { payload: unknown }).payload, { incident: 'i1' });
    for (let tries = 0; tries < 50 && control.subscriptions() > before; tries++)
      await new Promise((resolve) => setTimeout(resolve, 10));
    assert.equal(control.subscriptions(), before);
  });

  it('stops within a moment while a reader follows events', async () => {
    await start();
    const reading = control.call('GET', '/events').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
    const started = performance.now();
    await control.stop();
    assert.ok(performance.now() - started < 1500);
    await reading;
  });

  it('says which port the admin listener cannot have', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    await start();
    const { listen } = await import('../../actors/control/listen.ts');
    const { createServer: httpServer } = await import('node:http');
    const { port } = other.address() as { port: number };
    await assert.rejects(listen.tcp(httpServer(), '127.0.0.1', port), { code: 'MF702' });
    await new Promise((resolve) => other.close(resolve));
  });
});
