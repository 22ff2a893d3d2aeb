import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { actor } from '../../actors/sentinel/sentinel.actor.ts';
import type { SentinelSnapshot } from '../../actors/sentinel/sentinel-snapshot.ts';
import type { CallContext } from '../../runtime/actor/define-actor.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { fakeContext } from './support/fake-context.ts';
import { makeVersion } from './support/model-folders.ts';

const call = {} as CallContext;

describe('versions of the models, as the owner has them in force', () => {
  const folder = temporaryFolder();
  let dataDir: string;
  /** What a worker says when it is to load a version. */
  let worker: () => Promise<unknown>;
  beforeEach(() => {
    dataDir = folder();
    worker = async () => ({ ready: true });
    makeVersion(join(dataDir, 'sentinel', 'models'), 'try-1');
  });

  async function life() {
    const fake = fakeContext('block', {
      settings: { dataDir },
      ask: async (to) => (to === 'patrol' ? worker() : { id: 'entry-1' }),
    });
    const state = await actor.init(fake.context, undefined);
    const snapshot = async () => (await actor.snapshot!(state)) as SentinelSnapshot;
    return { fake, state, snapshot };
  }

  it('promotes when a worker has loaded it, tells the threads before it answers, and announces it', async () => {
    const { fake, state, snapshot } = await life();
    const shipped = (await snapshot()).models!.active.version;
    let confirm = (): void => {};
    fake.acknowledgement = new Promise((resolve) => (confirm = resolve));
    let answered = false;
    const promotion = Promise.resolve(actor.methods.promote(state, { version: 'try-1' }, call)).then(
      (shelf) => {
        answered = true;
        return shelf;
      },
    );
    while (fake.published.length === 0) await new Promise(setImmediate);
    assert.deepEqual([answered, fake.sent.map(({ method }) => method)], [false, ['prepare']]);
    confirm();
    const shelf = await promotion;
    assert.deepEqual([shelf.active.version, shelf.previous?.version], ['try-1', shipped]);
    assert.deepEqual(fake.published, [{ models: { active: shelf.active, shadow: null } }]);
    assert.deepEqual(fake.emitted, [
      {
        name: 'sentinel.model.changed',
        payload: { agent: 'sqlguard', version: 'try-1', before: shipped, reason: 'promote' },
      },
    ]);
    const next = await life();
    assert.equal((await next.snapshot()).models!.active.version, 'try-1');
  });

  it('leaves things as they are when no worker can load it', async () => {
    const { fake, state, snapshot } = await life();
    for (const code of ['MF314', 'MF601'] as const) {
      worker = async () => {
        throw new MagFlockError(code, 'no');
      };
      await assert.rejects(async () => actor.methods.promote(state, { version: 'try-1' }, call), { code });
      await assert.rejects(async () => actor.methods.shadow(state, { version: 'try-1' }, call), { code });
    }
    assert.match((await snapshot()).models!.active.version, /^shipped-/);
    assert.deepEqual(fake.emitted, []);
  });

  it('goes back even when no worker answers', async () => {
    const { fake, state, snapshot } = await life();
    await actor.methods.promote(state, { version: 'try-1' }, call);
    worker = async () => {
      throw new MagFlockError('MF601', 'no worker lives');
    };
    await actor.methods.rollback(state, null, call);
    assert.match((await snapshot()).models!.active.version, /^shipped-/);
    assert.equal((fake.emitted.at(-1)!.payload as { reason: string }).reason, 'rollback');
  });

  it('compares with a shadow, and counts what it finds since it began', async () => {
    const { fake, state } = await life();
    await actor.methods.shadow(state, { version: 'try-1' }, call);
    const seen = (version: string, values: number) =>
      actor.methods.counted(
        state,
        {
          replica: 'cpu-0',
          judged: 0,
          unjudged: {},
          shadow: { version, values, differences: { 'allow → block': 1 } },
        },
        call,
      );
    await seen('try-1', 5);
    await seen('try-0', 9);
    await seen('try-1', 2);
    const [agent] = (await actor.methods.status(state, null, call)).agents;
    assert.deepEqual(
      [agent!.shadow?.version, agent!.shadow?.values, agent!.shadow?.differences],
      ['try-1', 7, { 'allow → block': 2 }],
    );
    assert.match(
      await fake.context.metrics.metrics(),
      /magflock_sentinel_shadow_values_total\{version="try-1"\} 7/,
    );
    await actor.methods.shadow(state, { version: null }, call);
    assert.equal((await actor.methods.status(state, null, call)).agents[0]!.shadow, null);
    assert.equal(fake.emitted.length, 0);
  });

  it('is degraded when the active version is damaged, and says which one judges', async () => {
    const first = await life();
    await actor.methods.promote(first.state, { version: 'try-1' }, call);
    writeFileSync(join(dataDir, 'sentinel', 'models', 'try-1', 'values.onnx'), 'cut off');
    const { fake, state, snapshot } = await life();
    assert.match((await snapshot()).models!.active.version, /^shipped-/);
    const [agent] = (await actor.methods.status(state, null, call)).agents;
    assert.equal(agent!.state, 'degraded');
    assert.match(agent!.problem ?? '', /the active version try-1 is damaged/);
    assert.equal((await actor.healthCheck!(state)).status, 'degraded');
    assert.equal(fake.emitted[0]?.name, 'sentinel.agent.state');
  });

  it('names a damaged candidate, which is nobody’s fault', async () => {
    const { state } = await life();
    writeFileSync(join(dataDir, 'sentinel', 'models', 'try-1', 'card.json'), '[');
    await actor.methods.rescan(state, null, call);
    const [agent] = (await actor.methods.status(state, null, call)).agents;
    assert.equal(agent!.state, 'ok');
    assert.match(agent!.problem ?? '', /the candidate try-1 is damaged/);
    assert.equal((await actor.healthCheck!(state)).status, 'ok');
  });
});
