import assert from 'node:assert/strict';
import { actor } from '../../actors/sentinel/sentinel.actor.ts';
import type { CallContext } from '../../runtime/actor/define-actor.ts';
import type { AuditFact } from '../../runtime/protocol/audit.protocol.ts';
import type { Incident } from '../../runtime/protocol/sentinel.protocol.ts';
import { fakeContext } from './support/fake-context.ts';

const call = {} as CallContext;
const incident: Incident = {
  id: '0198c0de-0000-7000-8000-000000000001',
  project: 'main',
  at: '2026-01-02T00:00:00.000Z',
  agent: 'sqlguard',
  signature: 'quote-condition-at-start',
  score: 0.98,
  action: 'block',
  address: '192.0.2.7',
  surface: 'query',
  where: 'query.id',
  method: 'GET',
  path: '/api/track',
  digest: 'ab'.repeat(32),
  excerpt: "1' OR '1'='1",
  requestId: 'request-1',
};

describe('the owner of MagSentinel', () => {
  it('announces an incident, audits it and counts it', async () => {
    const fake = fakeContext();
    const state = await actor.init(fake.context, undefined);
    assert.deepEqual(await actor.methods.report(state, incident, call), { accepted: true });
    assert.deepEqual(
      fake.emitted.map(({ name }) => name),
      ['threat.detected'],
    );
    assert.deepEqual(fake.emitted[0]!.payload, {
      incident: incident.id,
      project: 'main',
      agent: 'sqlguard',
      signature: 'quote-condition-at-start',
      score: 0.98,
      action: 'block',
      address: '192.0.2.7',
      surface: 'query',
    });
    const { to, method, payload } = fake.sent[0]!;
    assert.deepEqual([to, method], ['audit', 'append']);
    const fact = payload as AuditFact;
    assert.equal(fact.kind, 'threat');
    assert.equal(fact.project, 'main');
    assert.equal(fact.address, '192.0.2.7');
    assert.equal(fact.digest, incident.digest);
    assert.equal(fact.details?.['incident'], incident.id);
    const status = await actor.methods.status(state, null, call);
    assert.equal(status.incidents, 1);
    assert.ok(status.signatures > 40);
    const metrics = await fake.context.metrics.metrics();
    assert.match(
      metrics,
      /magflock_sentinel_incidents_total\{agent="sqlguard",action="block",signature="quote-condition-at-start"\} 1/,
    );
  });

  it('counts what a thread did not report one by one', async () => {
    const fake = fakeContext();
    const state = await actor.init(fake.context, undefined);
    await actor.methods.report(state, { ...incident, suppressed: 41 }, call);
    assert.equal((await actor.methods.status(state, null, call)).incidents, 42);
    assert.equal((fake.sent[0]!.payload as AuditFact).details?.['suppressed'], 41);
  });

  it('says so when an incident cannot be audited, and goes on', async () => {
    const fake = fakeContext();
    fake.failure = new Error('audit is down');
    const state = await actor.init(fake.context, undefined);
    assert.deepEqual(await actor.methods.report(state, incident, call), { accepted: true });
    assert.equal(fake.emitted.length, 1);
    assert.deepEqual(fake.logged, ['incident not in the audit trail']);
    const health = await actor.healthCheck!(state);
    assert.equal(health.status, 'degraded');
    assert.match(await fake.context.metrics.metrics(), /magflock_sentinel_unaudited_incidents_total 1/);
  });

  it('is healthy, says what it can do and which mode it is in', async () => {
    for (const mode of ['block', 'simulate'] as const) {
      const fake = fakeContext(mode);
      const state = await actor.init(fake.context, undefined);
      assert.equal((await actor.healthCheck!(state)).status, 'ok');
      assert.match(actor.getCapabilities!(state).join(', '), mode === 'block' ? /blocks/ : /blocks nothing/);
      assert.deepEqual(await actor.snapshot!(state), { mode });
    }
  });
});
