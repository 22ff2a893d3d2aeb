import assert from 'node:assert/strict';
import { rmSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { ModelShelfKeeper } from '../../actors/sentinel/shelf/model-shelf.ts';
import { shippedVersion } from '../../actors/sentinel/shelf/shipped-version.ts';
import type { ActorRef } from '../../runtime/actor/actor-ref.ts';
import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { moduleUrl } from '../../runtime/placement/module-url.ts';
import type { ModelVersion, PatrolRequest } from '../../runtime/protocol/patrol.protocol.ts';
import type { ChildSpec, PoolSpec } from '../../runtime/supervision/child-spec.ts';
import { bootMachine, echo, type Machine, makeMachine } from '../runtime/support/machine.ts';
import { until } from '../runtime/support/until.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import type { BreakableProtocol } from './fixtures/breakable-patrol.actor.ts';
import { copyShipped, makeVersion } from './support/model-folders.ts';

const attack = "1' or 1=1 -- ";
const code = (ask: Promise<unknown>): Promise<string> =>
  ask.then(
    () => 'answered',
    (error: MagFlockError) => error.code,
  );

describe('the patrol in its pool', function () {
  this.timeout(60_000);
  const data = temporaryFolder();
  let machine: Machine;
  let patrol: ActorRef<BreakableProtocol>;
  let shipped: ModelVersion;

  const spec = (placement: Partial<PoolSpec> = {}, models?: string): ChildSpec => ({
    id: 'patrol',
    module: moduleUrl('./fixtures/breakable-patrol.actor', import.meta.url),
    placement: { kind: 'pool', workers: 2, ...placement },
    required: false,
    ...(models === undefined ? {} : { args: { models } }),
  });
  async function boot(placement?: Partial<PoolSpec>, models?: string): Promise<void> {
    machine = await bootMachine([spec(placement, models)]);
    patrol = machine.ref<BreakableProtocol>('patrol');
  }
  const request = (active: ModelVersion, more: Partial<PatrolRequest> = {}): PatrolRequest => ({
    agent: 'sqlguard',
    model: 'values',
    active,
    shadow: null,
    texts: [attack, 'Jane Miller'],
    explainFrom: 0.3,
    ...more,
  });
  /** A worker that is busy until the answer is called. */
  function occupy(): () => void {
    const word = new Int32Array(new SharedArrayBuffer(4));
    patrol.ask('hang', { word: word.buffer as SharedArrayBuffer }).catch(() => {});
    return () => {
      Atomics.store(word, 0, 1);
      Atomics.notify(word, 0);
    };
  }

  before(async () => {
    ({ version: shipped } = await shippedVersion());
  });
  afterEach(() => machine.close());

  it('judges values and statements, with the version, a reason and the time it took', async () => {
    await boot();
    for (const model of ['values', 'statements'] as const) {
      const answer = await patrol.ask('judge', request(shipped, { model, shadow: shipped }));
      assert.deepEqual([answer.version, answer.shadowVersion], [shipped.version, shipped.version]);
      const [bad, good] = answer.scores;
      assert.ok(bad!.score > 0.5 && good!.score < 0.1 && bad!.shadow === bad!.score);
      assert.ok(bad!.reason!.features.length > 0 && good!.reason === null);
      assert.ok(answer.tookMicros > 0);
    }
    assert.equal((await patrol.ask('parse', { text: 'select 1' })).parsed, true);
    assert.match(await patrol.ask('health', null), /^ok: models shipped-/);
  });

  it('changes versions under load without one request failing, there and back', async () => {
    makeVersion(join(data(), 'sentinel', 'models'), 'next');
    await boot();
    const shelf = await ModelShelfKeeper.open({
      dataFolder: data(),
      log: pino({ level: 'silent' }),
      prepare: (version) => patrol.ask('prepare', { version }),
    });
    const seen: string[] = [];
    let ended = false;
    const callers = Array.from({ length: 4 }, async () => {
      while (!ended) {
        const answer = await patrol.ask('judge', request(shelf.state().active));
        assert.equal(answer.scores.length, 2);
        seen.push(answer.version);
      }
    });
    const untilAll = (version: string) =>
      until(`all answer with ${version}`, () => {
        const last = seen.slice(-20);
        return last.length === 20 && last.every((one) => one === version);
      });
    try {
      await untilAll(shipped.version);
      await shelf.promote('next');
      await untilAll('next');
      await shelf.rollback();
      await untilAll(shipped.version);
    } finally {
      ended = true;
      await Promise.all(callers);
    }
    assert.deepEqual(new Set(seen), new Set([shipped.version, 'next']));
  });

  it('goes on with the last good version when the active one is damaged, and its health says so', async () => {
    await boot({ workers: 1 });
    const bad = makeVersion(data(), 'bad');
    truncateSync(join(bad.folder, 'values.onnx'), 100);
    assert.equal(await code(patrol.ask('prepare', { version: bad })), 'MF314');
    const answer = await patrol.ask('judge', request(bad));
    assert.deepEqual([answer.version, answer.scores.length], [shipped.version, 2]);
    const [part] = await machine.motherboard.status();
    assert.equal(part?.health?.status, 'degraded');
    assert.match(part?.health?.summary ?? '', /values\.onnx has SHA-256 .* goes on/);
  });

  it('boots without models, says so, and judges as soon as it is given some', async () => {
    const models = copyShipped(join(data(), 'models'));
    rmSync(join(models, 'card.json'));
    await boot({ workers: 1 }, models);
    const [part] = await machine.motherboard.status();
    assert.deepEqual([part?.state, part?.health?.status], ['ready', 'degraded']);
    assert.match(part?.health?.summary ?? '', /card\.json: is not there/);
    const nowhere = { ...shipped, folder: data() };
    assert.equal(await code(patrol.ask('judge', request(nowhere))), 'MF315');
    assert.equal((await patrol.ask('judge', request(shipped))).version, shipped.version);
    assert.match(await patrol.ask('health', null), /^ok/);
  });

  it('lets the machine boot when no worker of it starts', async () => {
    machine = makeMachine([
      { ...spec(), module: moduleUrl('./fixtures/no-such.actor', import.meta.url) },
      echo('other'),
    ]);
    await machine.motherboard.boot();
    const parts = await machine.motherboard.status();
    assert.deepEqual(
      parts.map(({ name, state }) => [name, state === 'ready']),
      [
        ['patrol', false],
        ['other', true],
      ],
    );
    assert.notEqual(await code(machine.ref<BreakableProtocol>('patrol').ask('health', null)), 'answered');
  });

  it('answers MF601 for what a killed worker ran; the others go on, and a new one is as good', async () => {
    await boot();
    const asks = Array.from({ length: 20 }, () => code(patrol.ask('judge', request(shipped))));
    assert.equal(await code(patrol.ask('die', null)), 'MF601');
    const outcomes = new Set(await Promise.all(asks));
    assert.ok([...outcomes].every((one) => one === 'answered' || one === 'MF601'));
    assert.equal(await code(patrol.ask('judge', request(shipped))), 'answered');
    await until(
      'it is replaced',
      async () => (await machine.motherboard.status())[0]?.health?.status === 'ok',
    );
  });

  it('refuses with MF603 what its queue does not hold, and what is late with MF602', async () => {
    await boot({ workers: 1, queue: 2 });
    const free = occupy();
    const late = code(patrol.ask('judge', request(shipped), { timeoutMs: 100 }));
    const outcomes = await Promise.all([
      late,
      ...Array.from({ length: 5 }, () => code(patrol.ask('judge', request(shipped), { timeoutMs: 200 }))),
    ]);
    assert.deepEqual(new Set(outcomes), new Set(['MF602', 'MF603']));
    free();
    assert.equal(await code(patrol.ask('judge', request(shipped))), 'answered');
  });

  // Ended inside onnxruntime, the process would abort.
  it('is ended by force in the middle of a judgement', async () => {
    machine = await bootMachine([{ ...spec({ workers: 1 }), shutdownMs: 100 }]);
    patrol = machine.ref<BreakableProtocol>('patrol');
    const texts = Array.from({ length: 20_000 }, (_, at) => `${attack.repeat(20)}${at}`);
    const asked = [code(patrol.ask('judge', request(shipped, { texts }), { timeoutMs: 60_000 }))];
    await patrol.ask('health', null, { timeoutMs: 1 }).catch(() => {});
    await machine.motherboard.restart('patrol');
    assert.ok(!(await Promise.all(asked)).includes('answered'));
    assert.equal(await code(patrol.ask('judge', request(shipped))), 'answered');
  });

  it('stops judging when nobody waits any more', async () => {
    await boot({ workers: 1 });
    const texts = Array.from({ length: 50_000 }, (_, at) => `${attack.repeat(20)}${at}`);
    const controller = new AbortController();
    const asked = code(
      patrol.ask('judge', request(shipped, { texts }), { signal: controller.signal, timeoutMs: 60_000 }),
    );
    controller.abort();
    assert.equal(await asked, 'MF606');
    assert.equal(await code(patrol.ask('judge', request(shipped), { timeoutMs: 20_000 })), 'answered');
  });
});
