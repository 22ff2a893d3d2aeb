import assert from 'node:assert/strict';
import { replica } from '../../actors/sentinel/sentinel.replica.ts';
import type { SentinelSnapshot } from '../../actors/sentinel/sentinel-snapshot.ts';
import { combine } from '../../actors/sentinel/sqlguard/combine.ts';
import type { Settings } from '../../config/settings.ts';
import type { PatrolRequest } from '../../runtime/protocol/patrol.protocol.ts';
import type {
  AddressBlock,
  Incident,
  InspectionFacts,
  ReplicaFacts,
  Verdict,
} from '../../runtime/protocol/sentinel.protocol.ts';
import { fakeContext } from './support/fake-context.ts';
import { encode, facts, jsonObject, jsonString } from './support/judge.ts';

const attack = facts({ query: `id=${encode("1' OR '1'='1")}` });
/** No signature matches it, and it is no plain text either. */
const unsure = facts({ query: `note=${encode('a;b {1} ~ c')}` });
const version = { version: 'v1', folder: '/models', sha256: { values: 'a', statements: 'b' } };
const snapshot: SentinelSnapshot = { mode: 'block', models: { active: version, shadow: null }, blocks: [] };

const block = (changed: Partial<AddressBlock> = {}): AddressBlock => ({
  id: 'block-1',
  project: 'main',
  address: '192.0.2.7',
  keyId: null,
  since: new Date().toISOString(),
  until: new Date(Date.now() + 60_000).toISOString(),
  incidents: [],
  reason: 'test',
  ...changed,
});

/** A replica whose models give every value the same score, or fail. */
async function begin(
  score: number | Error = 0,
  changed: Partial<SentinelSnapshot> = {},
  settings: Partial<Settings> = {},
) {
  const fake = fakeContext();
  const asked: PatrolRequest[] = [];
  Object.assign(fake.context.settings, settings);
  const { part } = fake.context;
  const ask = async (_method: string, request: PatrolRequest) => {
    asked.push(request);
    if (score instanceof Error) throw score;
    const one = { score, shadow: request.shadow === null ? null : 0, reason: null };
    const scores = request.texts.map(() => one);
    return { version: 'v1', shadowVersion: request.shadow?.version ?? null, scores, tookMicros: 1 };
  };
  Object.assign(fake.context, {
    part: (name: string) => (name === 'patrol' ? { path: '/patrol', ask } : part(name as 'sentinel')),
  });
  const state = await replica.init(fake.context, undefined);
  await replica.applySnapshot(state, { ...snapshot, ...changed });
  const api = replica.api(state);
  return {
    fake,
    asked,
    state,
    api,
    incidents: () =>
      fake.sent.filter(({ method }) => method === 'report').map(({ payload }) => payload as Incident),
    counted: () => {
      fake.tick();
      return fake.sent
        .filter(({ method }) => method === 'counted')
        .map(({ payload }) => payload as ReplicaFacts);
    },
    /** Both stages. */
    async verdict(request: InspectionFacts): Promise<Verdict> {
      const inspection = api.inspect(request);
      return inspection.action === 'allow' && inspection.unsure.length > 0
        ? api.judge(request, inspection.unsure)
        : inspection;
    },
  };
}

describe('the replica in a CPU thread', () => {
  it('lets an honest request through without a word, as one and the same verdict', async () => {
    const { api, fake } = await begin();
    const verdict = api.inspect(facts({ path: '/api/track/5', query: 'id=eq.5&order=name' }));
    assert.equal(verdict.action, 'allow');
    assert.deepEqual(verdict.unsure, []);
    assert.equal(api.inspect(facts({ path: '/api/track/6' })), verdict);
    assert.deepEqual(fake.sent, []);
  });

  it('blocks an attack and tells the owner, with the same incident', async () => {
    const { api, fake } = await begin();
    const verdict = api.inspect({ ...attack, keyId: () => 'k1' });
    assert.ok(verdict.action === 'block' || verdict.action === 'escalate');
    assert.equal(verdict.surface, 'query');
    assert.equal(verdict.where, 'query.id');
    assert.equal(verdict.agent, 'sqlguard');
    assert.equal(fake.sent.length, 1);
    const { to, method, payload } = fake.sent[0]!;
    assert.deepEqual([to, method], ['sentinel', 'report']);
    const incident = payload as Incident;
    assert.equal(incident.id, verdict.incident);
    assert.deepEqual([incident.keyId, incident.enforced, incident.counts], ['k1', true, true]);
    assert.match(
      await fake.context.metrics.metrics(),
      /magflock_sentinel_verdicts_total\{action="(block|escalate)",surface="query"\} 1/,
    );
  });

  it('blocks nothing while it simulates, and reports all the same', async () => {
    const { api, state, verdict, incidents } = await begin(0.9999, { mode: 'simulate' });
    assert.equal(api.inspect(attack).action, 'log');
    assert.equal((await verdict(unsure)).action, 'log');
    assert.deepEqual(
      incidents().map(({ action, enforced }) => [/block|escalate/.test(action), enforced]),
      [
        [true, false],
        [true, false],
      ],
    );
    await replica.applyDelta(state, { mode: 'block' });
    assert.match(api.inspect(attack).action, /block|escalate/);
    assert.match((await verdict(unsure)).action, /block|escalate/);
  });

  it('blocks each of a flood of attacks but does not flood the owner', async () => {
    const { api, fake, incidents } = await begin();
    const ids = new Set<string | undefined>();
    for (let number = 0; number < 5000; number += 1) {
      const verdict = api.inspect(facts({ query: `id=${encode(`${number}' or 1=1 -- `)}` }));
      assert.match(verdict.action, /block|escalate/);
      ids.add(verdict.incident);
    }
    assert.equal(ids.size, 5000);
    assert.ok(fake.sent.length <= 20);
    fake.tick();
    assert.equal(
      incidents().reduce((sum, { suppressed }) => sum + 1 + (suppressed ?? 0), 0),
      5000,
    );
  });
});

describe('what signatures leave open', () => {
  it('is judged by the models, and the second time without asking', async () => {
    const { api, asked, verdict, counted } = await begin(0);
    assert.deepEqual(
      api.inspect(unsure).unsure.map(({ surface, where }) => [surface, where]),
      [['query', 'query.note']],
    );
    assert.equal((await verdict(unsure)).action, 'allow');
    assert.equal(asked.length, 1);
    assert.deepEqual(api.inspect(unsure).unsure, []);
    assert.deepEqual(
      counted().map(({ judged, unjudged }) => [judged, unjudged]),
      [[1, {}]],
    );
    assert.deepEqual(counted().length, 1, 'nothing new, nothing told');
  });

  it('of a request that cannot be read is not left to the next one', async () => {
    const { api } = await begin(0);
    const unreadable = {
      ...unsure,
      get body(): string {
        throw new RangeError('unreadable');
      },
    };
    assert.throws(() => api.inspect(unreadable), RangeError);
    assert.deepEqual(api.inspect(facts({ query: 'id=7' })).unsure, []);
  });

  it('is an attack when the models are sure, with a reason and without a signature', async () => {
    const { verdict, incidents } = await begin(0.9999);
    const found = await verdict(unsure);
    assert.equal(found.action, 'escalate');
    assert.equal(found.band, 'critical');
    const [incident] = incidents();
    assert.equal(incident?.id, found.incident);
    assert.equal(incident?.signature, 'model');
    assert.equal(incident?.explanation.model?.version, 'v1');
    assert.equal((await verdict(unsure)).action, 'escalate', 'and so it is when it is known');
  });

  it('goes through on signatures alone when no model works, and that is counted', async () => {
    const { verdict, counted } = await begin(0, { models: null });
    assert.equal((await verdict(unsure)).unjudged, undefined);
    assert.deepEqual(
      counted().map(({ unjudged }) => unjudged),
      [{ model: 1 }],
    );
  });

  it('is refused instead where the policy says so, but not while it simulates', async () => {
    const closed = { 'sentinel.whenUnjudged': 'closed' } as const;
    const { verdict, state } = await begin(new Error('dead'), {}, closed);
    assert.equal((await verdict(unsure)).unjudged, 'worker');
    await replica.applyDelta(state, { mode: 'simulate' });
    assert.equal((await verdict(unsure)).unjudged, undefined);
  });

  it('is nothing at all where models are switched off', async () => {
    const { verdict, asked, counted } = await begin(1, {}, { 'sentinel.models': false });
    assert.equal((await verdict(unsure)).action, 'allow');
    assert.deepEqual([asked.length, counted().length], [0, 0]);
  });

  it('is compared with a version that is only tried', async () => {
    const shadow = { ...version, version: 'v2' };
    const { verdict, counted } = await begin(0.9999, { models: { active: version, shadow } });
    await verdict(unsure);
    assert.deepEqual(counted()[0]?.shadow, {
      version: 'v2',
      values: 1,
      differences: { 'escalate → allow': 1 },
    });
  });

  it('is no more than the budget of a request, the most suspicious first', async () => {
    const { api, verdict, counted } = await begin(0, {}, { 'sentinel.valuesPerRequest': 10 });
    const items = Array.from({ length: 100_000 }, (_, at) => jsonString(`{${at}} ~ a`));
    items[70_000] = jsonString('{x} ;--#\'" (select)');
    const request = facts({ method: 'POST', json: { kind: 'array', source: '[]', items }, body: '[]' });
    const { unsure: left } = api.inspect(request);
    assert.equal(left.length, 10);
    assert.ok(left.some(({ where }) => where === 'body[70000]'));
    assert.equal((await verdict(request)).action, 'allow');
    const { unjudged, judged } = counted()[0]!;
    assert.deepEqual([unjudged, judged], [{ budget: 99_990 }, 10]);
  });

  it('of a hostile megabyte is its two ends, and the rest is counted', async () => {
    const { api, verdict, asked, counted } = await begin(0);
    const text = `{ ~ ${'x~y {z} '.repeat(131_072)}`;
    const request = facts({ method: 'POST', json: jsonObject({ text: jsonString(text) }), body: '{}' });
    assert.equal(api.inspect(request).unsure[0]?.text.length, 262_145);
    await verdict(request);
    assert.equal(asked[0]?.texts.length, 1);
    assert.deepEqual(counted()[0]?.unjudged, { budget: 1 });
    const decoy = jsonObject({ decoy: jsonString('\'";--#'), text: jsonString(text) });
    const { unsure: both } = api.inspect(facts({ method: 'POST', json: decoy, body: '{}' }));
    assert.deepEqual(
      both.map(({ where }) => where),
      ['body.decoy', 'body.text'],
      'whatever else there is',
    );
  });
});

describe('a caller in the band between log and block', () => {
  // A score of the model that is between the throttle and the block threshold of a parameter.
  const middling =
    Array.from({ length: 1000 }, (_, at) => at / 1000).find(
      (model) => combine({ surface: 'query', signature: undefined, model }).action === 'throttle',
    ) ?? assert.fail('no score is in the band');
  const request = (number: number): InspectionFacts =>
    facts({ query: `note=${encode(`a;b {1} ~ ${number}`)}`, keyId: () => 'k1' });

  it('may go on as often as the setting allows, then has to wait', async () => {
    const { verdict, incidents } = await begin(middling, {}, { 'sentinel.throttlePerMinute': 3 });
    const verdicts: Verdict[] = [];
    for (let number = 0; number < 5; number += 1) verdicts.push(await verdict(request(number)));
    assert.deepEqual(
      verdicts.map(({ action }) => action),
      ['throttle', 'throttle', 'throttle', 'throttle', 'throttle'],
    );
    assert.deepEqual(
      verdicts.map(({ retryAfter }) => retryAfter),
      [undefined, undefined, undefined, 20, 20],
    );
    assert.deepEqual(
      incidents().map(({ enforced }) => enforced),
      [false, false, false, true, true],
    );
    const other = { ...request(9), keyId: () => 'k2' };
    assert.equal((await verdict(other)).retryAfter, undefined, 'another key has a bucket of its own');
  });
});

describe('blocks in a CPU thread', () => {
  it('are known by address, and refuse the key they are about', async () => {
    const { api, state } = await begin(0, { blocks: [block(), block({ id: 'block-2', keyId: 'k1' })] });
    assert.ok(api.hasBlocks('main', '192.0.2.7'));
    assert.ok(!api.hasBlocks('main', '192.0.2.8') && !api.hasBlocks('other', '192.0.2.7'));
    assert.equal(api.blockOf('main', '192.0.2.7', null)?.id, 'block-1');
    assert.equal(api.blockOf('main', '192.0.2.7', 'k1')?.id, 'block-2');
    assert.equal(api.blockOf('main', '192.0.2.7', 'k2'), undefined);
    await replica.applyDelta(state, { mode: 'simulate' });
    assert.equal(api.blockOf('main', '192.0.2.7', null), undefined, 'nothing is refused in simulate mode');
    await replica.applyDelta(state, { mode: 'block', blocks: [] });
    assert.ok(!api.hasBlocks('main', '192.0.2.7'), 'lifted');
  });

  it('are about a /64 of IPv6, and end by themselves', async () => {
    const over = block({ address: '192.0.2.9', until: new Date(Date.now() - 1).toISOString() });
    const { api } = await begin(0, { blocks: [block({ address: '2001:db8:0:7::/64' }), over] });
    assert.ok(api.hasBlocks('main', '2001:db8:0:7:aaaa::1'));
    assert.ok(!api.hasBlocks('main', '2001:db8:0:8::1'));
    assert.equal(api.blockOf('main', '192.0.2.9', null), undefined);
  });
});

describe('behind a proxy that nobody told us of', () => {
  it('warns once, and no incident counts', async () => {
    const { api, fake, incidents } = await begin();
    const request = { ...attack, address: '127.0.0.1', headers: { 'x-forwarded-for': '203.0.113.5' } };
    api.inspect(request);
    api.inspect(request);
    assert.deepEqual(
      incidents().map(({ counts }) => counts),
      [false, false],
    );
    assert.equal(fake.logged.filter((line) => line.includes('trustedProxies')).length, 1);
  });
});
