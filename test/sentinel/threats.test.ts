import assert from 'node:assert/strict';
import { IncidentBuffer } from '../../actors/sentinel/threats/incident-buffer.ts';
import { IncidentStore } from '../../actors/sentinel/threats/incident-store.ts';
import { ThreatDesk } from '../../actors/sentinel/threats/threat-desk.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Incident } from '../../runtime/protocol/sentinel.protocol.ts';
import { FakeStorage } from '../support/fake-storage.ts';
import { fakeContext } from './support/fake-context.ts';
import { incident } from './support/incident.ts';

const away = new MagFlockError('MF503', 'the database is away');
const refused = new MagFlockError('MF500', 'invalid input');

describe('incidents on their way into the database', () => {
  /** @param fails what each insert in turn is answered with */
  function bench(most?: number) {
    const inserted: (readonly Incident[])[] = [];
    const lost: number[] = [];
    const delayed: number[] = [];
    const state = { fail: (_incidents: readonly Incident[]): Error | undefined => undefined };
    const buffer = new IncidentBuffer({
      insert: async (incidents) => {
        const error = state.fail(incidents);
        if (error !== undefined) throw error;
        inserted.push(incidents);
      },
      lost: (incidents) => lost.push(incidents),
      delayed: (waiting) => delayed.push(waiting),
      ...(most === undefined ? {} : { most }),
    });
    return { buffer, inserted, lost, delayed, state };
  }
  const many = (count: number): readonly Incident[] => Array.from({ length: count }, () => incident());

  it('are written together, at once when there are a hundred', async () => {
    const { buffer, inserted } = bench();
    for (const one of many(99)) buffer.add(one);
    assert.equal(inserted.length, 0);
    buffer.add(incident());
    await buffer.flush();
    for (const one of many(3)) buffer.add(one);
    await buffer.flush(Date.now());
    assert.deepEqual(
      inserted.map(({ length }) => length),
      [100, 3],
    );
    assert.equal(buffer.waiting.length, 0);
  });

  it('wait while the database is away, and are not asked about all the time', async () => {
    const { buffer, inserted, lost, delayed, state } = bench();
    state.fail = () => away;
    for (const one of many(150)) buffer.add(one);
    await buffer.flush(Date.now());
    await buffer.flush(Date.now());
    await buffer.flush(Date.now());
    assert.deepEqual([delayed, buffer.stuck, buffer.waiting.length], [[150], true, 150]);
    state.fail = () => undefined;
    await buffer.flush(Date.now() + 31_000);
    assert.deepEqual([inserted.length, buffer.stuck, buffer.waiting.length, lost], [2, false, 0, []]);
  });

  it('are bounded; the oldest give way and are counted', async () => {
    const { buffer, inserted, lost, state } = bench(200);
    state.fail = () => away;
    const all = many(250);
    for (const one of all) buffer.add(one);
    await buffer.flush();
    assert.equal(buffer.waiting.length, 200);
    assert.equal(
      lost.reduce((sum, number) => sum + number, 0),
      50,
    );
    state.fail = () => undefined;
    await buffer.flush();
    assert.deepEqual(
      inserted.flat().map(({ id }) => id),
      all.slice(50).map(({ id }) => id),
    );
  });

  it('lose only the one at fault when the database refuses what is in it', async () => {
    const { buffer, inserted, lost, state } = bench();
    const all = many(5);
    state.fail = (incidents) => (incidents.includes(all[2]!) ? refused : undefined);
    for (const one of all) buffer.add(one);
    await buffer.flush();
    assert.deepEqual([inserted.flat().length, lost, buffer.waiting.length], [4, [1], 0]);
  });

  it('are all kept when the database goes away between the two', async () => {
    const { buffer, inserted, lost, state } = bench();
    const all = many(5);
    state.fail = (incidents) => (incidents.length > 1 ? refused : incidents[0] === all[3] ? away : undefined);
    for (const one of all) buffer.add(one);
    await buffer.flush();
    assert.deepEqual([inserted.flat().length, lost, buffer.waiting.length], [3, [], 2]);
  });
});

describe('the desk of threats', function () {
  this.timeout(40_000);
  let storage: FakeStorage;
  before(async () => {
    storage = await FakeStorage.create(['main', 'shop']);
  });
  after(() => storage.close());
  beforeEach(async () => {
    await storage.sql('control', 'delete from cp_sentinel.incidents');
    await storage.sql('control', 'delete from cp_sentinel.feedback');
    storage.down = false;
  });

  function life() {
    const fake = fakeContext('block', { storage: storage.ask });
    return { fake, desk: new ThreatDesk(fake.context) };
  }
  const modelled: Partial<Incident> = {
    signature: 'model',
    keyId: 'k-1',
    suppressed: 7,
    features: 'AAECAw==',
    explanation: {
      signature: null,
      model: {
        version: 'shipped-1',
        score: 0.97,
        features: [{ feature: "' or 0 = 0", weight: 0.4 }],
        nearest: 'tautology',
      },
      why: 'reads like a tautology',
    },
  };

  it('shows an incident at once, and all of it after a restart', async () => {
    const { desk } = life();
    const reported = incident(modelled);
    desk.add(reported);
    assert.deepEqual(await desk.find(reported.id), { ...reported, feedback: null });
    await desk.flush();
    const next = life();
    assert.deepEqual(await next.desk.find(reported.id.toUpperCase()), { ...reported, feedback: null });
    assert.deepEqual(await next.desk.list({}), [{ ...reported, feedback: null }]);
  });

  it('keeps what PostgreSQL has no characters for', async () => {
    const { desk } = life();
    const reported = incident({ excerpt: 'a\0b', requestId: 'x\ud800', path: '/\\u0000' });
    desk.add(reported);
    await desk.flush();
    assert.equal(desk.lost, 0);
    const found = await life().desk.find(reported.id);
    assert.deepEqual([found.excerpt, found.requestId, found.path], ['a·b', 'x\ufffd', '/\\u0000']);
  });

  it('lists the newest first, of memory and database together, of one project or all', async () => {
    const first = life();
    const old = [incident(), incident({ project: 'shop' })];
    for (const one of old) first.desk.add(one);
    await first.desk.flush();
    const { desk } = life();
    const fresh = [incident(), incident({ project: 'shop' })];
    for (const one of fresh) desk.add(one);
    const order = [...old, ...fresh]
      .map(({ id }) => id)
      .sort()
      .reverse();
    const ids = async (request: Parameters<typeof desk.list>[0]) =>
      (await desk.list(request)).map(({ id }) => id);
    assert.deepEqual(await ids({}), order);
    assert.deepEqual(await ids({ limit: 3 }), order.slice(0, 3));
    assert.deepEqual(await ids({ limit: 1 }), order.slice(0, 1));
    assert.deepEqual(
      (await desk.list({ project: 'shop' })).map(({ project }) => project),
      ['shop', 'shop'],
    );
  });

  it('has the newest also while the database is away, and says that these are not all', async () => {
    const { desk, fake } = life();
    desk.add(incident());
    storage.down = true;
    assert.equal((await desk.list({})).length, 1);
    assert.match(fake.logged.join(), /only the newest incidents/);
    await desk.flush();
    assert.deepEqual([desk.waiting, desk.stuck, desk.lost], [1, true, 0]);
    storage.down = false;
    await desk.flush();
    assert.deepEqual([desk.waiting, desk.stuck], [0, false]);
  });

  for (const id of ['0198c0de-0000-7000-8000-000000000001', 'nonsense', "' or 1=1 --", '']) {
    it(`has no incident ${JSON.stringify(id)}, and says how to list them`, async () => {
      await assert.rejects(life().desk.find(id), { code: 'MF310', fix: /magflock threats/ });
    });
  }

  it('keeps what people say; the last word counts', async () => {
    const { desk, fake } = life();
    const reported = incident(modelled);
    desk.add(reported);
    await desk.say(reported.id, 'false-alarm', ' our own test ', Date.UTC(2026, 0, 2));
    const said = { verdict: 'false-alarm', at: '2026-01-02T00:00:00.000Z', note: 'our own test' };
    assert.deepEqual((await desk.find(reported.id)).feedback, said);
    assert.deepEqual(fake.emitted, [
      {
        name: 'threat.feedback',
        payload: { incident: reported.id, project: 'main', verdict: 'false-alarm' },
      },
    ]);
    await desk.flush();
    const next = life().desk;
    assert.deepEqual((await next.find(reported.id)).feedback, said);
    const confirmed = await next.say(reported.id, 'confirmed', undefined, Date.UTC(2026, 0, 3));
    assert.deepEqual(confirmed.feedback, {
      verdict: 'confirmed',
      at: '2026-01-03T00:00:00.000Z',
      note: null,
    });
    assert.deepEqual(await next.entries(), [
      {
        incident: reported.id,
        verdict: 'confirmed',
        at: '2026-01-03T00:00:00.000Z',
        surface: 'query',
        address: '192.0.2.7',
        keyId: 'k-1',
        features: 'AAECAw==',
      },
    ]);
  });

  it('tells the training only of those that it can read', async () => {
    const { desk } = life();
    const plain = incident();
    desk.add(plain);
    await desk.say(plain.id, 'confirmed', undefined, Date.now());
    assert.deepEqual(await desk.entries(), []);
  });

  it('refuses a note that is too long, and a word on an incident that is not there', async () => {
    const { desk } = life();
    const reported = incident();
    desk.add(reported);
    const long = 'x'.repeat(1001);
    await assert.rejects(desk.say(reported.id, 'confirmed', long, 0), { code: 'MF100' });
    await assert.rejects(desk.say('nonsense', 'confirmed', undefined, 0), { code: 'MF310' });
    storage.down = true;
    await assert.rejects(desk.say(reported.id, 'confirmed', undefined, 0), { code: 'MF503' });
    assert.equal((await desk.find(reported.id)).feedback, null);
  });

  it('lets go of the oldest and of what is too old, and keeps what was said of them', async () => {
    const { desk } = life();
    const all = Array.from({ length: 20 }, (_, at) => incident(at === 0 ? modelled : {}));
    const old = incident({ at: new Date(Date.now() - 31 * 86_400_000).toISOString() });
    for (const one of [...all, old]) desk.add(one);
    await desk.say(all[0]!.id, 'confirmed', undefined, Date.now());
    await desk.flush();
    const store = new IncidentStore({ ask: storage.ask });
    assert.equal(await store.trim({ most: 100, days: 30 }), 1);
    assert.equal(await store.trim({ most: 12, days: 30 }), 8);
    const kept = await storage.sql('control', 'select id::text from cp_sentinel.incidents');
    assert.deepEqual(
      kept.map(({ id }) => id).sort(),
      all
        .map(({ id }) => id)
        .sort()
        .slice(8),
    );
    assert.equal((await desk.entries()).length, 1);
  });

  it('forgets the incidents of a project that was removed, not those of others', async () => {
    const { desk } = life();
    for (const project of ['main', 'shop']) desk.add(incident({ project }));
    await desk.forgetProject('shop');
    assert.deepEqual(
      (await desk.list({})).map(({ project }) => project),
      ['main'],
    );
  });

  it('hands the newest and those on their way over in a hot swap', async () => {
    const { desk } = life();
    storage.down = true;
    const reported = incident();
    desk.add(reported);
    const kept = structuredClone(await desk.export());
    storage.down = false;
    const next = life().desk;
    next.adopt(kept);
    assert.equal((await next.find(reported.id)).id, reported.id);
    await next.flush();
    assert.equal((await life().desk.list({})).length, 1);
  });
});
