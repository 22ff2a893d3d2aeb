import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FeedbackEntry, SentinelStatus, Threat } from '../../runtime/protocol/sentinel.protocol.ts';
import { makeVersion } from '../sentinel/support/model-folders.ts';
import { type RunningDaemon, startDaemon } from '../support/daemon.ts';

const preload = `--import=${new URL('./breakable-models.ts', import.meta.url)}`;
const attack = "x' union select password from members -- ";

interface Answer {
  readonly status: number;
  readonly code: string | undefined;
  readonly took: number;
}

let texts = 0;
/** Honest, new each time, no plain sentence and longer than what a CPU thread judges by itself. */
function freeText(more = ''): string {
  texts += 1;
  const about = `Ticket #${texts} (${Math.random().toString(36).slice(2)}): O'Neil's order = 3 lamps & 2 tables; ${more}`;
  return `${about}${' customer asks for "delivery" on Monday, 10:30;'.repeat(9)}`;
}

describe('the patrol of a daemon, when it fails', function () {
  this.timeout(180_000);
  const empty = mkdtempSync(join(tmpdir(), 'magflock-no-models-'));
  let daemon: RunningDaemon;
  let bare: RunningDaemon;

  before(async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'magflock-test-'));
    chmodSync(dataDir, 0o711);
    const models = join(dataDir, 'sentinel', 'models');
    const { folder: damaged } = makeVersion(models, 'try-1');
    truncateSync(join(damaged, 'values.onnx'), 5_000);
    writeFileSync(join(models, 'active.json'), '{"active":"try-1","previous":null,"shadow":null}\n');
    const flags = ['--cores', '2', '--sentinel-workers', '1', '--sentinel-queue', '1'];
    [daemon, bare] = await Promise.all([
      startDaemon({ dataDir, flags, env: { NODE_OPTIONS: preload } }),
      startDaemon({ flags: ['--cores', '1'], env: { NODE_OPTIONS: preload, MAGFLOCK_TEST_MODELS: empty } }),
    ]);
  });
  after(async () => {
    await Promise.all([daemon?.stop(), bare?.stop()]);
    daemon?.remove();
    rmSync(empty, { recursive: true });
  });

  async function ask(text: string, of = daemon): Promise<Answer> {
    const began = performance.now();
    const response = await fetch(`${of.url}/api?x=${encodeURIComponent(text)}`, {
      headers: { 'x-api-key': of.secretKey },
    });
    const { code } = (await response.json()) as { code?: string };
    return { status: response.status, code, took: performance.now() - began };
  }
  const askAll = (count: number, more?: string): Promise<readonly Answer[]> =>
    Promise.all(Array.from({ length: count }, () => ask(freeText(more))));
  const kinds = (answers: readonly Answer[]): string =>
    [...new Set(answers.map(({ status, code }) => code ?? String(status)))].sort().join();
  async function control<T>(method: string, path: string, body?: unknown, of = daemon): Promise<T> {
    const { status, json } = await of.control(method, `/control/v1${path}`, body);
    assert.ok(status < 300, `${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return json as T;
  }
  const set = (name: string, value: string | number, of = daemon): Promise<unknown> =>
    control('POST', '/settings', { name: `sentinel.${name}`, value: String(value) }, of);
  const agent = async (of = daemon): Promise<SentinelStatus['agents'][number]> =>
    (await control<SentinelStatus>('GET', '/sentinel', undefined, of)).agents[0]!;
  async function until(what: string, met: () => Promise<boolean>): Promise<void> {
    for (const end = Date.now() + 60_000; !(await met()); await sleep(50)) {
      assert.ok(Date.now() < end, `never happened: ${what}`);
    }
  }
  const unjudged = async (reason: string): Promise<number> => {
    const text = JSON.stringify(await control<unknown>('GET', '/metrics'));
    const lines = text.matchAll(/unjudged_values_total\{[^}]*reason=\\"(\w+)\\"[^}]*\} (\d+)/g);
    return [...lines].reduce((sum, [, name, count]) => sum + (name === reason ? Number(count) : 0), 0);
  };
  /** The workers judge again, and every thread asks them. */
  const back = () =>
    until('workers judge', async () => {
      await set('whenUnjudged', 'closed');
      const all = kinds(await askAll(4)) === '200';
      await set('whenUnjudged', 'open');
      return all;
    });

  it('boots with the models shipped when the active version is damaged, and says so', async () => {
    const { state, problem, models } = await agent();
    assert.match(models!.active.version, /^shipped-/);
    assert.equal(state, 'degraded');
    assert.match(problem!, /try-1/);
    assert.equal((await ask(freeText())).status, 200);
    assert.equal((await ask(attack)).code, 'MF301');
    await control('POST', '/sentinel/models/promote', { version: models!.active.version });
    const after = await agent();
    assert.equal(after.state, 'ok', after.problem ?? '');
  });

  for (const [policy, expected] of [
    ['open', '200'],
    ['closed', 'MF304'],
  ] as const) {
    it(`${policy}: a worker that ends takes no request with it, and another one judges`, async () => {
      const before = await unjudged('worker');
      await set('whenUnjudged', policy);
      assert.equal(kinds([await ask(freeText('ends-this-worker'))]), expected);
      const [around] = [await askAll(20)];
      assert.ok(
        around.every(({ status, code }) => status === 200 || code === expected),
        kinds(around),
      );
      await until('it is counted', async () => (await unjudged('worker')) > before);
      const { state, problem } = await agent();
      assert.equal(state, 'degraded');
      assert.match(problem!, /not judged \(.*worker/);
      await back();
    });

    it(`${policy}: nobody waits for a worker that is busy for ever`, async () => {
      const before = await unjudged('timeout');
      await set('whenUnjudged', policy);
      await set('timeoutMs', 100);
      assert.equal(kinds(await askAll(4, 'keeps-this-worker-busy')), expected);
      await until('it is counted', async () => (await unjudged('timeout')) > before);
      await set('timeoutMs', 5000);
      await back();
    });

    it(`${policy}: what the queue does not hold is refused at once, what waits in vain at its time`, async () => {
      const before = await unjudged('queue');
      await set('whenUnjudged', policy);
      await set('timeoutMs', 300);
      await control('POST', '/actor/suspend', { path: '/patrol' });
      for (let turn = 0; turn < 3; turn += 1) assert.equal(kinds(await askAll(12)), expected);
      assert.equal((await ask(attack)).code, 'MF301');
      await until('it is counted', async () => (await unjudged('queue')) > before);
      await control('POST', '/actor/resume', { path: '/patrol' });
      await set('timeoutMs', 5000);
      await back();
    });

    it(`${policy}: with a millisecond for the models everything settles`, async () => {
      await set('whenUnjudged', policy);
      await set('timeoutMs', 1);
      const answers = await askAll(40);
      assert.ok(
        answers.every(({ status, code }) => status === 200 || code === expected),
        kinds(answers),
      );
      await set('timeoutMs', 5000);
      await back();
    });
  }

  it('restarts under load', async () => {
    const restarted = control('POST', '/restart', { part: 'patrol' });
    const answers: Answer[] = [];
    let going = true;
    const load = Array.from({ length: 4 }, async () => {
      while (going) answers.push(await ask(freeText()));
    });
    await restarted;
    going = false;
    await Promise.all(load);
    assert.equal(kinds(answers), '200');
    await back();
  });

  it('settles a flood of values that it has never seen, in bounded memory', async () => {
    await set('timeoutMs', 250);
    const megabytes = (): number =>
      Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${daemon.pid}/status`, 'utf8'))![1]) / 1024;
    const before = megabytes();
    const answers: Answer[] = [];
    const load = Array.from({ length: 32 }, async () => {
      while (answers.length < 800) answers.push(await ask(freeText()));
    });
    await Promise.all(load);
    assert.equal(kinds(answers), '200');
    const longest = Math.max(...answers.map(({ took }) => took));
    // Each waits a quarter of a second for the models; what is beyond that is the machine.
    assert.ok(longest < 20_000, `one took ${longest} ms`);
    if (process.platform === 'linux')
      assert.ok(megabytes() - before < 300, `${megabytes() - before} MB more`);
    await set('timeoutMs', 5000);
  });

  for (const [what, body] of [
    ['a string', JSON.stringify({ a: "'(".repeat(500_000) })],
    ['many strings', JSON.stringify(Array.from({ length: 60_000 }, (_, at) => `a' or ${at}(=`))],
    ['deep brackets', `${'['.repeat(400_000)}"' or 1=1 --"`],
    ['no JSON', "x' /*".repeat(200_000)],
  ] as const) {
    it(`settles a hostile megabyte: ${what}`, async () => {
      const response = await fetch(`${daemon.url}/api/none`, {
        method: 'POST',
        headers: { 'x-api-key': daemon.secretKey, 'content-type': 'application/json' },
        body,
      });
      const { code } = (await response.json()) as { code: string };
      assert.ok(response.status >= 400 && response.status < 500, `${response.status} ${code}`);
      assert.equal((await ask(freeText())).status, 200);
    });
  }

  it('simulate: nothing is refused, everything is reported, nobody is blocked', async () => {
    await set('mode', 'simulate');
    await set('blockAfter', 1);
    const attacks = Array.from({ length: 5 }, (_, at) => `${at}${attack}`);
    for (const one of attacks) assert.equal((await ask(one)).status, 200);
    assert.equal((await ask(freeText())).status, 200);
    await until('all are reported', async () => {
      const threats = await control<readonly Threat[]>('GET', '/sentinel/threats?limit=100');
      return threats.filter(({ enforced, excerpt }) => !enforced && /union/.test(excerpt)).length >= 5;
    });
    assert.deepEqual(await control('GET', '/sentinel/blocks'), []);
    await set('blockAfter', 0);
    await set('mode', 'block');
  });

  it('feedback on what is no incident is refused, and said twice it counts once', async () => {
    await ask(attack);
    const newest = () => control<readonly Threat[]>('GET', '/sentinel/threats?limit=1');
    await until('it is an incident', async () => (await newest()).length === 1);
    const [threat] = await newest();
    const cli = (id: string) => daemon.cli(['threat', 'feedback', id, '--false-alarm']);
    const say = async (id: string, body: object): Promise<unknown> => {
      const path = `/control/v1/sentinel/threats/${encodeURIComponent(id)}/feedback`;
      const { status, json } = await daemon.control('POST', path, body);
      return status === 200 ? status : (json as { code: string }).code;
    };
    const [done, unknown] = await Promise.all([cli(threat!.id), cli('0198c0de-0000-7000-8000-000000000001')]);
    assert.equal(done.code, 0, done.stderr);
    assert.match(unknown.stderr, /error\[MF310\]/);
    assert.equal(await say("1' or 1=1 --", { verdict: 'confirmed' }), 'MF310');
    assert.equal(await say(threat!.id, { verdict: 'harmless' }), 'MF100');
    assert.equal(await say(threat!.id, { verdict: 'false-alarm', note: 'x'.repeat(2000) }), 'MF100');
    assert.equal(await say(threat!.id, { verdict: 'false-alarm', features: 'AAAA' }), 'MF100');
    assert.equal(await say(threat!.id, { verdict: 'confirmed' }), 200);
    const said = await control<readonly FeedbackEntry[]>('GET', '/sentinel/feedback');
    const of = said.filter(({ incident }) => incident === threat!.id);
    // One that no model read teaches nothing and is not told to the training.
    assert.deepEqual(
      of.map(({ verdict }) => verdict),
      threat!.features === null ? [] : ['confirmed'],
    );
  });

  it('boots without any model, says that they are off, and signatures go on', async () => {
    const { state, problem, models } = await agent(bare);
    assert.equal(state, 'off');
    assert.match(problem!, /MF314/);
    assert.equal(models, null);
    assert.equal((await ask(freeText(), bare)).status, 200);
    assert.equal((await ask(attack, bare)).code, 'MF301');
    const status = await bare.cli(['sentinel', 'status']);
    assert.match(status.stdout + status.stderr, /off[\s\S]*signatures alone/);
    await set('whenUnjudged', 'closed', bare);
    assert.equal((await ask(freeText(), bare)).code, 'MF304');
  });
});
