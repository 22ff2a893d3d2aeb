import assert from 'node:assert/strict';
import { actor } from '../../actors/sentinel/sentinel.actor.ts';
import type { CallContext } from '../../runtime/actor/define-actor.ts';
import type { AuditFact } from '../../runtime/protocol/audit.protocol.ts';
import type { ReplicaFacts } from '../../runtime/protocol/sentinel.protocol.ts';
import { fakeContext } from './support/fake-context.ts';
import { incident } from './support/incident.ts';

const call = {} as CallContext;
const counts = (changed: Partial<ReplicaFacts> = {}): ReplicaFacts => ({
  replica: 'cpu-0',
  judged: 10,
  unjudged: {},
  shadow: null,
  ...changed,
});

describe('the owner of MagSentinel', () => {
  it('announces an incident, audits it, counts it and shows it', async () => {
    const fake = fakeContext();
    const state = await actor.init(fake.context, undefined);
    const reported = incident();
    assert.deepEqual(await actor.methods.report(state, reported, call), { accepted: true });
    assert.deepEqual(fake.emitted, [
      {
        name: 'threat.detected',
        payload: {
          incident: reported.id,
          project: 'main',
          agent: 'sqlguard',
          signature: 'quote-condition-at-start',
          score: 0.98,
          action: 'block',
          address: '192.0.2.7',
          surface: 'query',
        },
      },
    ]);
    const { to, method, payload } = fake.sent[0]!;
    assert.deepEqual([to, method], ['audit', 'append']);
    const fact = payload as AuditFact;
    assert.equal(fact.kind, 'threat');
    assert.equal(fact.project, 'main');
    assert.equal(fact.address, '192.0.2.7');
    assert.equal(fact.digest, reported.digest);
    assert.equal(fact.details?.['incident'], reported.id);
    const status = await actor.methods.status(state, null, call);
    assert.equal(status.incidents, 1);
    assert.ok(status.signatures > 40);
    assert.equal((await actor.methods.threat(state, { id: reported.id }, call)).id, reported.id);
    assert.equal((await actor.methods.threats(state, {}, call)).length, 1);
    const metrics = await fake.context.metrics.metrics();
    assert.match(
      metrics,
      /magflock_sentinel_incidents_total\{agent="sqlguard",action="block",signature="quote-condition-at-start"\} 1/,
    );
  });

  it('counts what a thread did not report one by one', async () => {
    const fake = fakeContext();
    const state = await actor.init(fake.context, undefined);
    await actor.methods.report(state, incident({ suppressed: 41 }), call);
    assert.equal((await actor.methods.status(state, null, call)).incidents, 42);
    assert.equal((fake.sent[0]!.payload as AuditFact).details?.['suppressed'], 41);
  });

  it('says so when an incident cannot be audited, and goes on', async () => {
    const fake = fakeContext();
    fake.failure = new Error('audit is down');
    const state = await actor.init(fake.context, undefined);
    assert.deepEqual(await actor.methods.report(state, incident(), call), { accepted: true });
    assert.equal(fake.emitted.length, 1);
    await actor.stop!(state);
    assert.ok(fake.logged.includes('incident not in the audit trail'));
    assert.equal((await actor.methods.status(state, null, call)).unaudited, 1);
    const health = await actor.healthCheck!(state);
    assert.equal(health.status, 'degraded');
    assert.match(await fake.context.metrics.metrics(), /magflock_sentinel_unaudited_incidents_total 1/);
  });

  it('takes a flood of reports while neither audit nor database answer, in bounded memory', async () => {
    const never = new Promise<never>(() => {});
    let hangs = false;
    const fake = fakeContext('block', {
      storage: async () => (hangs ? never : { rows: [], count: 0 }),
      ask: () => never,
    });
    const state = await actor.init(fake.context, undefined);
    hangs = true;
    for (let number = 0; number < 12_500; number += 1)
      await actor.methods.report(state, incident({}, 'the same'), call);
    const status = await actor.methods.status(state, null, call);
    assert.equal(status.incidents, 12_500);
    // Sixteen are on their way, two thousand wait.
    assert.equal(status.unaudited, 12_500 - 2_016);
    const facts = (await actor.healthCheck!(state)).facts!;
    assert.deepEqual([facts['waiting'], facts['unkept']], [10_000, 2_500]);
  });

  it('blocks an address after three unlike incidents, and tells the threads', async () => {
    const fake = fakeContext();
    const state = await actor.init(fake.context, undefined);
    for (const value of ['a', 'b', 'c']) await actor.methods.report(state, incident({}, value), call);
    const [block] = await actor.methods.blocks(state, {}, call);
    assert.equal(block?.address, '192.0.2.7');
    assert.deepEqual(fake.published, [{ blocks: [block] }]);
    assert.deepEqual((await actor.snapshot!(state)) as unknown, {
      ...((await actor.snapshot!(state)) as object),
      mode: 'block',
      blocks: [block],
    });
    assert.equal((await actor.methods.status(state, null, call)).blocks, 1);
    await actor.methods.unblock(state, { target: block!.id }, call);
    assert.deepEqual(await actor.methods.blocks(state, {}, call), []);
  });

  it('takes mode and blocks to the threads when a setting changes', async () => {
    const fake = fakeContext();
    const state = await actor.init(fake.context, undefined);
    for (const value of ['a', 'b', 'c']) await actor.methods.report(state, incident({}, value), call);
    const settings = { ...fake.context.settings, 'sentinel.mode': 'simulate' } as const;
    Object.assign(fake.context, { settings });
    await actor.onSettings!(state, settings, ['sentinel.mode']);
    assert.deepEqual(fake.published.at(-1), { mode: 'simulate', blocks: [] });
  });

  it('is healthy, says what it can do and which mode it is in', async () => {
    for (const mode of ['block', 'simulate'] as const) {
      const fake = fakeContext(mode);
      const state = await actor.init(fake.context, undefined);
      assert.equal((await actor.healthCheck!(state)).status, 'ok');
      assert.match(actor.getCapabilities!(state).join(', '), mode === 'block' ? /blocks/ : /blocks nothing/);
      const snapshot = (await actor.snapshot!(state)) as Record<string, unknown>;
      assert.deepEqual(Object.keys(snapshot), ['mode', 'models', 'blocks']);
      assert.equal(snapshot['mode'], mode);
    }
  });

  it('hands counts, incidents and blocks over in a hot swap', async () => {
    const fake = fakeContext();
    const state = await actor.init(fake.context, undefined);
    for (const value of ['a', 'b', 'c']) await actor.methods.report(state, incident({}, value), call);
    const { handover } = actor;
    assert.ok(handover !== undefined && handover !== 'stateless');
    const exported = structuredClone(await handover.export(state));
    const next = await handover.adopt(fakeContext().context, exported, handover.version, undefined);
    const status = await actor.methods.status(next, null, call);
    assert.deepEqual([status.incidents, status.blocks], [3, 1]);
    assert.equal((await actor.methods.threats(next, {}, call)).length, 3);
    const old = { recent: [{ id: 'x' }], incidents: 5, unaudited: 1 };
    const fromOld = await handover.adopt(fakeContext().context, old, 1, undefined);
    assert.equal((await actor.methods.status(fromOld, null, call)).incidents, 5);
  });
});

describe('whether models judge', () => {
  const rows: readonly (readonly [
    name: string,
    facts: readonly Partial<ReplicaFacts>[],
    state: string,
    problem: RegExp | null,
  ])[] = [
    ['is ok while nothing was asked', [], 'ok', null],
    ['is ok while all values are judged', [{}, {}], 'ok', null],
    ['is degraded when some are not', [{ unjudged: { queue: 2, timeout: 3 } }, {}], 'degraded', /^5 of 25 values .* \(timeout 3, queue 2\)$/],
    ['is off when none is', [{ judged: 0, unjudged: { worker: 4 } }], 'off', /^4 of 4 values/],
    ['is ok when requests were too big: senders must not be able to raise it', [{ judged: 0, unjudged: { budget: 900 } }], 'ok', null],
  ]; // biome-ignore format: one row a case
  for (const [name, facts, state, problem] of rows) {
    it(name, async () => {
      const fake = fakeContext();
      const owner = await actor.init(fake.context, undefined);
      for (const each of facts) await actor.methods.counted(owner, counts(each), call);
      const [agent] = (await actor.methods.status(owner, null, call)).agents;
      assert.equal(agent!.state, state);
      if (problem === null) assert.equal(agent!.problem, null);
      else assert.match(agent!.problem ?? '', problem);
      assert.equal((await actor.healthCheck!(owner)).status, state === 'ok' ? 'ok' : 'degraded');
      assert.deepEqual(
        fake.emitted.map(({ name: event, payload }) => [event, (payload as { state: string }).state]),
        state === 'ok' ? [] : [['sentinel.agent.state', state]],
      );
    });
  }

  it('is counted by reason', async () => {
    const fake = fakeContext();
    const owner = await actor.init(fake.context, undefined);
    await actor.methods.counted(owner, counts({ unjudged: { queue: 2, budget: 0 } }), call);
    await actor.methods.counted(owner, counts({ unjudged: { queue: 1 } }), call);
    const metrics = await fake.context.metrics.metrics();
    assert.match(metrics, /magflock_sentinel_judged_values_total 20/);
    assert.match(metrics, /magflock_sentinel_unjudged_values_total\{reason="queue"\} 3/);
    assert.match(metrics, /magflock_sentinel_agent_state\{agent="sqlguard",state="degraded"\} 1/);
  });

  it('is off when the operator switched them off; that is said, and no fault', async () => {
    const fake = fakeContext('block', { settings: { 'sentinel.models': false } });
    const owner = await actor.init(fake.context, undefined);
    const [agent] = (await actor.methods.status(owner, null, call)).agents;
    assert.equal(agent!.state, 'off');
    assert.match(agent!.problem ?? '', /sentinel\.models/);
    assert.equal((await actor.healthCheck!(owner)).status, 'ok');
  });
});
