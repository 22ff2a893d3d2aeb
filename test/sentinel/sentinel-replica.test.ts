import assert from 'node:assert/strict';
import { replica } from '../../actors/sentinel/sentinel.replica.ts';
import type { Incident } from '../../runtime/protocol/sentinel.protocol.ts';
import { fakeContext } from './support/fake-context.ts';
import { encode, facts } from './support/judge.ts';

const attack = facts({ query: `id=${encode("1' OR '1'='1")}` });

describe('the replica in a CPU thread', () => {
  it('lets an honest request through without a word', async () => {
    const fake = fakeContext();
    const api = replica.api(await replica.init(fake.context, undefined));
    const verdict = api.inspect(facts({ path: '/api/track/5', query: "name=O'Brien" }));
    assert.equal(verdict.action, 'allow');
    assert.equal(verdict.incident, undefined);
    assert.deepEqual(fake.sent, []);
  });

  it('blocks an attack and tells the owner, with the same incident', async () => {
    const fake = fakeContext();
    const api = replica.api(await replica.init(fake.context, undefined));
    const verdict = api.inspect(attack);
    assert.equal(verdict.action, 'block');
    assert.equal(verdict.surface, 'query');
    assert.equal(verdict.where, 'query.id');
    assert.equal(verdict.agent, 'sqlguard');
    assert.equal(fake.sent.length, 1);
    const { to, method, payload } = fake.sent[0]!;
    assert.deepEqual([to, method], ['sentinel', 'report']);
    assert.equal((payload as Incident).id, verdict.incident);
    assert.match(
      await fake.context.metrics.metrics(),
      /magflock_sentinel_verdicts_total\{action="block",surface="query"\} 1/,
    );
  });

  it('blocks nothing while it simulates, and reports all the same', async () => {
    const fake = fakeContext();
    const state = await replica.init(fake.context, undefined);
    await replica.applySnapshot(state, { mode: 'simulate' });
    const verdict = replica.api(state).inspect(attack);
    assert.equal(verdict.action, 'log');
    assert.equal((fake.sent[0]!.payload as Incident).action, 'log');
    await replica.applyDelta(state, { mode: 'block' });
    assert.equal(replica.api(state).inspect(attack).action, 'block');
  });

  it('blocks each of a flood of attacks but does not flood the owner', async () => {
    const fake = fakeContext();
    const api = replica.api(await replica.init(fake.context, undefined));
    const ids = new Set<string | undefined>();
    for (let number = 0; number < 5000; number += 1) {
      const verdict = api.inspect(facts({ query: `id=${encode(`${number}' or 1=1 -- `)}` }));
      assert.equal(verdict.action, 'block');
      ids.add(verdict.incident);
    }
    assert.equal(ids.size, 5000);
    assert.ok(fake.sent.length <= 20);
    fake.tick();
    const reported = fake.sent.map(({ payload }) => payload as Incident);
    assert.equal(
      reported.reduce((sum, { suppressed }) => sum + 1 + (suppressed ?? 0), 0),
      5000,
    );
  });
});
