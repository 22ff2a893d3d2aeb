import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

const chinook = fileURLToPath(new URL('../../../shared/data/chinook/chinook-postgres.sql', import.meta.url));

interface Answer {
  readonly status: number;
  // biome-ignore lint/suspicious/noExplicitAny: answers are asserted field by field
  readonly body: any;
  readonly headers: Headers;
}

describe('a new user, the first five minutes', function () {
  this.timeout(120_000);
  let daemon: RunningDaemon;
  let secret: string;
  let publicKey: string;

  const call = async (
    method: string,
    path: string,
    options: { key?: string | undefined; body?: unknown } = {},
  ): Promise<Answer> => {
    const response = await fetch(`${daemon.url}${path}`, {
      method,
      headers: {
        ...(options.key === undefined ? {} : { 'x-api-key': options.key }),
        ...(options.body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(options.body === undefined
        ? {}
        : { body: typeof options.body === 'string' ? options.body : JSON.stringify(options.body) }),
    });
    const text = await response.text();
    return {
      status: response.status,
      body: text === '' ? undefined : JSON.parse(text),
      headers: response.headers,
    };
  };

  before(async function () {
    if (!existsSync(chinook)) {
      console.log('      skipped: ../shared/data/chinook is not beside this checkout');
      this.skip();
    }
    daemon = await startDaemon();
    const imported = await daemon.cli(['import', chinook]);
    assert.equal(imported.code, 0, imported.stderr);
    secret = await daemon.createKey('service_role');
    publicKey = await daemon.createKey('anon');
  });

  after(async () => {
    await daemon?.stop();
  });

  it('lists eleven tables and as many endpoints as the boot screen counts', async () => {
    const { status, body } = await call('GET', '/api', { key: secret });
    assert.equal(status, 200);
    const tables = new Set(body.data.map((endpoint: { table: string }) => endpoint.table));
    assert.equal(tables.size, 11);
    assert.equal(body.data.length, 66);
    assert.equal(body.meta.count, 66);
  });

  it('reads a filtered, sorted list with chosen fields', async () => {
    const { status, body } = await call(
      'GET',
      '/api/track?album_id=5&fields=name,milliseconds&sort=name:asc',
      { key: secret },
    );
    assert.equal(status, 200);
    assert.equal(body.data.length, 15);
    assert.deepEqual(Object.keys(body.data[0]), ['name', 'milliseconds']);
    const names = body.data.map((row: { name: string }) => row.name);
    assert.deepEqual(names, [...names].sort());
    assert.equal(body.meta.hasMore, false);
  });

  it('reads a row by its composite key', async () => {
    const { status, body } = await call('GET', '/api/playlist_track/1,3402', { key: secret });
    assert.equal(status, 200);
    assert.deepEqual(body.data, { playlist_id: 1, track_id: 3402 });
  });

  it('creates, changes and deletes a row', async () => {
    const created = await call('POST', '/api/artist', { key: secret, body: { name: 'Die Ärzte' } });
    assert.equal(created.status, 201);
    const id = created.body.data.artist_id;
    assert.match(created.headers.get('location') ?? '', new RegExp(`/api/artist/${id}$`));
    const changed = await call('PATCH', `/api/artist/${id}`, { key: secret, body: { name: 'Farin Urlaub' } });
    assert.equal(changed.status, 200);
    assert.equal(changed.body.data.name, 'Farin Urlaub');
    assert.equal((await call('DELETE', `/api/artist/${id}`, { key: secret })).status, 204);
    assert.equal((await call('GET', `/api/artist/${id}`, { key: secret })).status, 404);
  });

  it('refuses the public key with the way out, and serves it after expose', async () => {
    const refused = await call('GET', '/api/track?limit=1', { key: publicKey });
    assert.equal(refused.status, 403);
    assert.equal(refused.headers.get('content-type')?.split(';')[0], 'application/problem+json');
    assert.match(refused.body.fix, /magflock expose track --to anon --read/);
    const exposed = await daemon.cli(['expose', 'track', '--to', 'anon', '--read', '--no-rls']);
    assert.equal(exposed.code, 0, exposed.stderr);
    const served = await call('GET', '/api/track?limit=1', { key: publicKey });
    assert.equal(served.status, 200);
    assert.equal(served.body.data.length, 1);
    assert.equal((await call('DELETE', '/api/track/1', { key: publicKey })).status, 403);
  });

  it('answers for a table within a second of its creation', async () => {
    const made = await daemon.cli(['sql', 'create table notes (id serial primary key, title text not null)']);
    assert.equal(made.code, 0, made.stderr);
    const startedAt = Date.now();
    let status = 0;
    while (status !== 200 && Date.now() - startedAt < 5000) {
      status = (await call('GET', '/api/notes', { key: secret })).status;
      if (status !== 200) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    assert.equal(status, 200);
    assert.ok(Date.now() - startedAt < 1000, `took ${Date.now() - startedAt} ms`);
  });

  const injection = encodeURIComponent("1' OR '1'='1");
  for (const [title, path, withKey] of [
    ['with a key', '/api/track?id=', true],
    ['without a key', '/api/track?id=', false],
    ['on an unknown table', '/api/no_such_table?id=', true],
    ['on a path that is not served', '/somewhere?id=', false],
  ] as const) {
    it(`blocks an injection ${title} with an incident id that the security log has`, async () => {
      const { status, body } = await call('GET', `${path}${injection}`, {
        key: withKey ? secret : undefined,
      });
      assert.equal(status, 403);
      assert.equal(body.code, 'MF301');
      const incident = body.incident as string;
      assert.match(incident, /^[0-9a-f-]{36}$/);
      const deadline = Date.now() + 5000;
      let seen = false;
      while (!seen && Date.now() < deadline) {
        const logs = await daemon.cli(['logs', '--security', '--json']);
        assert.equal(logs.code, 0, logs.stderr);
        seen = logs.stdout.includes(incident);
      }
      assert.ok(seen, 'the incident is in the security log');
    });
  }

  it('leaves honest text alone', async () => {
    for (const name of [
      "O'Brien",
      'Select a union rep from the table',
      '12-14 Rue de l’Église -- 2nd floor',
      '5\' 11"',
    ]) {
      const { status } = await call('GET', `/api/artist?name=eq.${encodeURIComponent(name)}`, {
        key: secret,
      });
      assert.equal(status, 200, name);
    }
  });

  it('verifies its audit chain', async () => {
    const verified = await daemon.cli(['logs', 'verify', '--json']);
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    assert.equal(JSON.parse(verified.stdout).ok, true);
  });
});
