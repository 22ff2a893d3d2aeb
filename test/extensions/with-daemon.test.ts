import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runMagflock } from '../cli/run-magflock.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

const extensions = fileURLToPath(new URL('../../extensions/', import.meta.url));

interface DevEvent {
  readonly event: 'ready' | 'failed' | 'log';
  readonly version?: string;
  readonly message?: string;
  readonly text?: string;
}

describe('extensions of the SDK in a daemon', function () {
  this.timeout(60_000);
  let daemon: RunningDaemon;
  let folder = '';

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'magflock-sdk-daemon-'));
    const config = join(folder, 'magflock.config.jsonc');
    writeFileSync(config, '{}');
    daemon = await startDaemon({ flags: ['--cores', '1', '--config', config] });
    const table = 'id serial primary key, title text, slug text unique, deleted_at timestamptz';
    await ok('sql', `create table posts (${table})`);
  });
  after(async () => {
    rmSync(folder, { recursive: true, force: true });
    await daemon.stop();
  });

  const magflock = (...args: readonly string[]) =>
    runMagflock([...args, '--data', daemon.dataDir], { cwd: folder });
  async function ok(...args: readonly string[]): Promise<void> {
    const run = await magflock(...args);
    assert.equal(run.code, 0, run.stderr);
  }
  async function ask(
    method: string,
    path: string,
    body?: unknown,
  ): Promise<{ status: number; data: unknown }> {
    const headers = { 'x-api-key': daemon.secretKey, 'content-type': 'application/json' };
    const sent = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(daemon.url + path, { method, headers, ...sent });
    const text = await answer.text();
    const value = text === '' ? null : (JSON.parse(text) as { data?: unknown });
    return { status: answer.status, data: value?.data ?? value };
  }

  it('ext dev runs a template, and each save in its place', async () => {
    await ok('ext', 'new', 'hello', '--publisher', 'acme');
    const index = join(folder, 'hello', 'index.ts');
    const source = readFileSync(index, 'utf8');
    const save = (from: string, to: string) => writeFileSync(index, source.replace(from, to));
    const answers: unknown[] = [];
    const seen: DevEvent[] = [];
    let asked = Promise.resolve();
    const get = (who: string) => ask('GET', `/ext/hello/hello/${who}`);
    // What is done after each event, once.
    const steps: ((event: DevEvent, interrupt: () => void) => Promise<boolean>)[] = [
      async ({ event }) => {
        if (event !== 'ready') return false;
        answers.push(await get('you'));
        save('!`', '!!`');
        return true;
      },
      async ({ event }) => {
        if (event !== 'ready') return false;
        answers.push(await get('you'));
        writeFileSync(index, `${source}\nconst = 7;`);
        return true;
      },
      async ({ event }) => {
        if (event !== 'failed') return false;
        answers.push(await get('you'));
        save('return {', "throw new Error('marker'); return {");
        return true;
      },
      async ({ event }) => {
        if (event !== 'ready') return false;
        answers.push(await get('you'));
        return true;
      },
      async ({ event, text }, interrupt) => {
        if (event !== 'log' || text?.includes('marker') !== true) return false;
        interrupt();
        return true;
      },
    ];
    let read = 0;
    const dev = await runMagflock(['ext', 'dev', 'hello', '--yes', '--json', '--data', daemon.dataDir], {
      cwd: folder,
      onOutput: (text, interrupt) => {
        const lines = text.split('\n').slice(0, -1);
        for (const line of lines.slice(read)) {
          const event = JSON.parse(line) as DevEvent;
          seen.push(event);
          asked = asked.then(async () => {
            if ((await steps[0]?.(event, interrupt)) === true) steps.shift();
          });
        }
        read = lines.length;
      },
    });
    await asked;
    assert.equal(dev.code, 130, dev.stderr);
    assert.deepEqual(answers.slice(0, 3), [
      { status: 200, data: { message: 'Hello, you!' } },
      { status: 200, data: { message: 'Hello, you!!' } },
      { status: 200, data: { message: 'Hello, you!!' } },
    ]);
    assert.equal((answers[3] as { status: number }).status, 502);
    assert.deepEqual(
      seen.filter(({ event }) => event === 'ready').map(({ version }) => version),
      ['0.1.0-dev.1', '0.1.0-dev.2', '0.1.0-dev.3'],
    );
    assert.match(seen.find(({ event }) => event === 'failed')?.message ?? '', /index\.ts:\d+:7/);
    assert.match(seen.findLast(({ event }) => event === 'log')?.text ?? '', /marker.*\(index\.ts:8:\d+\)/s);
  });

  it('slug and soft-delete do to the data API what their READMEs say', async () => {
    for (const name of ['slug', 'soft-delete']) {
      const file = join(folder, `${name}.magx`);
      await ok('ext', 'pack', join(extensions, name), '--out', file);
      await ok('ext', 'install', file, '--allow-unsigned', '--yes', '--set', 'tables=posts');
    }
    const made = await ask('POST', '/api/posts', [{ title: 'Crème brûlée' }, { title: 'Crème brûlée' }]);
    assert.equal(made.status, 201);
    const again = await ask('POST', '/api/posts', { title: 'Crème brûlée' });
    const slugs = [...(made.data as { slug: string }[]), again.data as { slug: string }];
    assert.deepEqual(
      slugs.map(({ slug }) => slug),
      ['creme-brulee', 'creme-brulee-2', 'creme-brulee-3'],
    );
    const ids = async (query = '') =>
      ((await ask('GET', `/api/posts?fields=id&sort=id${query}`)).data as { id: number }[]).map(
        ({ id }) => id,
      );
    assert.equal((await ask('DELETE', '/api/posts/1')).status, 204);
    assert.deepEqual(await ids(), [2, 3]);
    assert.equal((await ask('GET', '/api/posts/1')).status, 404);
    assert.equal((await ask('DELETE', '/api/posts/1')).status, 404);
    assert.deepEqual(await ids('&deleted_at=is.not_null'), [1]);
    assert.equal((await ask('PATCH', '/api/posts/1', { deleted_at: null })).status, 200);
    assert.deepEqual(await ids(), [1, 2, 3]);
  });
});
