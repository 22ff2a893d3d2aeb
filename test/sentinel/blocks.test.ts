import assert from 'node:assert/strict';
import { BlockKeeper } from '../../actors/sentinel/blocks/block-keeper.ts';
import { BlockList, type KeptBlock } from '../../actors/sentinel/blocks/block-list.ts';
import { blockRange } from '../../actors/sentinel/blocks/block-range.ts';
import { LatestPublisher } from '../../actors/sentinel/blocks/latest-publisher.ts';
import { OffenceBook } from '../../actors/sentinel/blocks/offence-book.ts';
import type { AuditFact } from '../../runtime/protocol/audit.protocol.ts';
import type { Incident } from '../../runtime/protocol/sentinel.protocol.ts';
import { FakeStorage } from '../support/fake-storage.ts';
import { type FakeContext, type FakeContextOptions, fakeContext } from './support/fake-context.ts';
import { incident } from './support/incident.ts';

const minute = 60_000;
const day = 24 * 60 * minute;
const start = Date.UTC(2026, 0, 2);
const rules = { after: 3, seconds: 600 };

describe('what a block is keyed by', () => {
  const rows: readonly (readonly [address: string, range: string])[] = [
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8::1', '2001:db8::/64'],
    ['2001:DB8:0:7:a:b:c:d', '2001:db8:0:7::/64'],
    ['2001:0db8:0000:0007::', '2001:db8:0:7::/64'],
    ['1::2:3:4:5:6', '1:0:0:2::/64'],
    ['::2:3:4:5:6:7:8', '0:2:3:4::/64'],
    ['1:2:3:4:5:6:7::', '1:2:3:4::/64'],
    ['2001:db8:0:7::/64', '2001:db8:0:7::/64'],
    ['::1', '::1'],
    ['fe80::a%eth0', 'fe80::a'],
    ['', ''],
    ['unknown', 'unknown'],
  ];
  for (const [address, range] of rows) {
    it(`of ${address === '' ? 'no address' : address} is ${range === '' ? 'nothing' : range}`, () => {
      assert.equal(blockRange(address), range);
      assert.equal(blockRange(range), range);
    });
  }
});

describe('a block is due', () => {
  type Step = readonly [at: number, value: string, changed?: Partial<Incident>];
  const minutes = (at: number): number => at * minute;
  const rows: readonly (readonly [name: string, steps: readonly Step[], outcome: string, after?: number])[] =
    [
      ['after three unlike values', [[0, 'a'], [1, 'b'], [2, 'c']], 'blocked 600'],
      ['not after two', [[0, 'a'], [1, 'b']], 'none'],
      ['not for one value sent thrice', [[0, 'a'], [1, 'a'], [2, 'a'], [3, 'a']], 'none'],
      ['not for values apart by more than ten minutes', [[0, 'a'], [6, 'b'], [11, 'c']], 'none'],
      ['for the last three of many, whenever they began', [[0, 'a'], [6, 'b'], [11, 'c'], [12, 'd']], 'blocked 600'],
      ['for escalated ones, too', [[0, 'a', { action: 'escalate' }], [1, 'b', { action: 'escalate' }], [2, 'c']], 'blocked 600'],
      ['not for what was only logged or slowed down', [[0, 'a', { action: 'log' }], [1, 'b', { action: 'throttle' }], [2, 'c'], [3, 'd']], 'none'],
      ['not with what a page can make a browser send', [[0, 'a', { counts: false }], [1, 'b'], [2, 'c']], 'none'],
      ['not with what an incident held back', [[0, 'a', { suppressed: 400 }], [1, 'b', { suppressed: 3 }]], 'none'],
      ['not with those of another key', [[0, 'a'], [1, 'b', { keyId: 'k-1' }], [2, 'c']], 'none'],
      ['not with those of another project', [[0, 'a'], [1, 'b', { project: 'shop' }], [2, 'c']], 'none'],
      ['not with those of another address', [[0, 'a'], [1, 'b', { address: '192.0.2.8' }], [2, 'c']], 'none'],
      ['for addresses of one /64', [[0, 'a', { address: '2001:db8::1' }], [1, 'b', { address: '2001:db8::2' }], [2, 'c', { address: '2001:db8::3' }]], 'blocked 600'],
      ['only in name while it simulates', [[0, 'a', { enforced: false }], [1, 'b', { enforced: false }], [2, 'c', { enforced: false }]], 'would-block 600'],
      ['not with what was simulated before', [[0, 'a', { enforced: false }], [1, 'b'], [2, 'c']], 'none'],
      ['at once when the setting says one', [[0, 'a']], 'blocked 600', 1],
      ['never when the setting is 0', [[0, 'a'], [1, 'b'], [2, 'c'], [3, 'd']], 'none', 0],
    ]; // biome-ignore format: one row a case
  for (const [name, steps, expected, after = 3] of rows) {
    it(name, () => {
      const list = new BlockList();
      const outcomes = steps.map(([at, value, changed]) =>
        list.note(incident(changed, value), { after, seconds: 600 }, start + minutes(at)),
      );
      const last = outcomes.at(-1)!;
      const seconds =
        last.kind === 'blocked' ? last.block.seconds : last.kind === 'would-block' ? last.seconds : '';
      assert.equal(`${last.kind} ${seconds}`.trim(), expected);
      assert.equal(list.size, last.kind === 'blocked' ? 1 : 0);
    });
  }

  it('and names the incidents that led to it, their caller and its end', () => {
    const { block, incidents } = provoke(new BlockList(), start, { keyId: 'k-1', address: '2001:db8::9' });
    assert.deepEqual(block.incidents, incidents);
    assert.deepEqual([block.project, block.address, block.keyId], ['main', '2001:db8::/64', 'k-1']);
    assert.equal(block.until, new Date(start + 600_000).toISOString());
    assert.match(block.reason, /3 distinct blocked requests/);
  });
});

describe('a blocked address', () => {
  it('is free again when the time is over, and not before', () => {
    const list = new BlockList();
    const { block } = provoke(list, start);
    assert.deepEqual(list.expire(start + 599_999), []);
    assert.equal(list.size, 1);
    assert.deepEqual(list.expire(start + 600_000), [block]);
    assert.deepEqual([list.size, list.list().length], [0, 0]);
  });

  it('stays away twice as long each time it comes again within a day, a week at most', () => {
    const list = new BlockList();
    let now = start;
    const lengths: number[] = [];
    for (let time = 0; time < 13; time += 1) {
      const { block } = provoke(list, now);
      lengths.push(block.seconds);
      now = Date.parse(block.until);
      list.expire(now);
      now += day - 1;
    }
    assert.deepEqual(lengths.slice(0, 4), [600, 1200, 2400, 4800]);
    assert.equal(lengths.at(-1), 7 * 24 * 3600);
    assert.equal(provoke(list, now + day).block.seconds, 600);
  });

  it('that somebody freed begins anew', () => {
    const list = new BlockList();
    const { block } = provoke(list, start);
    assert.deepEqual(list.find(block.id), [block]);
    list.lift(block);
    assert.equal(list.size, 0);
    assert.equal(provoke(list, start + minute).block.seconds, 600);
  });

  it('is found by its id, and by any address of its range', () => {
    const list = new BlockList();
    const { block } = provoke(list, start, { address: '2001:db8::1' });
    for (const target of [block.id, '2001:db8::1', '2001:db8::ffff', '2001:db8::/64', ' 2001:db8::1 '])
      assert.deepEqual(list.find(target), [block]);
    assert.deepEqual(list.find('2001:db8:1::1'), []);
  });

  it('goes with its project', () => {
    const list = new BlockList();
    provoke(list, start);
    provoke(list, start, { project: 'shop' });
    assert.equal(list.forgetProject('main').length, 1);
    assert.deepEqual(
      list.list().map(({ project }) => project),
      ['shop'],
    );
  });
});

describe('a flood of addresses', () => {
  it('is remembered in bounded memory, the latest first', () => {
    const book = new OffenceBook(10_000, 50_000);
    const list = new BlockList(book);
    for (let number = 0; number < 12_000; number += 1)
      list.note(
        incident({ address: `10.${number >> 16}.${(number >> 8) & 255}.${number & 255}` }),
        rules,
        start,
      );
    assert.equal(book.size, 10_000);
    const last = { address: '10.0.46.223' };
    list.note(incident(last, 'b'), rules, start);
    assert.equal(list.note(incident(last, 'c'), rules, start).kind, 'blocked');
  });

  it('that each sent many values is bounded, too', () => {
    const book = new OffenceBook(10_000, 50_000);
    const offences = Array.from({ length: 999 }, (_, at) => ({ digest: String(at), incident: '', at: 0 }));
    for (let number = 0; number < 200; number += 1) book.set(String(number), offences);
    assert.equal(book.size, 50);
  });

  it('blocks so many at most; what ends first gives way', () => {
    const list = new BlockList(undefined, 100);
    for (let number = 0; number < 150; number += 1)
      provoke(list, start + number, { address: `10.0.0.${number}` });
    assert.equal(list.size, 100);
    assert.equal(list.list().at(-1)?.address, '10.0.0.50');
  });
});

describe('publishing the latest state', () => {
  it('one at a time; those that wait become one, and everybody hears of one that began after the question', async () => {
    const ends: (() => void)[] = [];
    const publisher = new LatestPublisher(() => new Promise((resolve) => ends.push(resolve)));
    const answered: string[] = [];
    const ask = (name: string): Promise<unknown> => publisher.publish().then(() => answered.push(name));
    const all = [ask('first'), ask('second'), ask('third')];
    assert.equal(ends.length, 1);
    ends[0]!();
    await all[0];
    await new Promise(setImmediate);
    assert.deepEqual([answered, ends.length], [['first'], 2]);
    ends[1]!();
    await Promise.all(all);
    assert.equal(ends.length, 2);
  });
});

describe('the keeper of blocks', function () {
  this.timeout(40_000);
  let storage: FakeStorage;
  let now: number;
  let audited: AuditFact[];
  const lives: BlockKeeper[] = [];
  before(async () => {
    storage = await FakeStorage.create(['main', 'shop']);
  });
  after(() => storage.close());
  afterEach(async () => {
    for (const keeper of lives.splice(0)) await keeper.close();
  });
  beforeEach(async () => {
    await storage.sql('control', 'delete from cp_sentinel.blocks');
    storage.down = false;
    audited = [];
    now = Date.now();
  });

  async function life(options: FakeContextOptions = {}, mode: 'block' | 'simulate' = 'block') {
    const fake = fakeContext(mode, { storage: storage.ask, ...options });
    const keeper = new BlockKeeper({
      context: fake.context,
      audit: (fact) => audited.push(fact),
      now: () => now,
    });
    lives.push(keeper);
    await keeper.load();
    return { fake, keeper };
  }
  const attack = (keeper: BlockKeeper, changed: Partial<Incident> = {}): void => {
    for (const value of ['a', 'b', 'c']) keeper.note(incident(changed, value));
  };
  const names = (fake: FakeContext): readonly string[] => fake.emitted.map(({ name }) => name);

  it('pushes a block to the threads, announces it, audits it and has it after a restart', async () => {
    const { fake, keeper } = await life();
    attack(keeper, { keyId: 'k-1' });
    const [block] = keeper.list(undefined);
    assert.deepEqual(fake.published, [{ blocks: [block] }]);
    assert.deepEqual(names(fake), ['threat.address.blocked']);
    assert.deepEqual(
      audited.map(({ kind, action, address, target }) => [kind, action, address, target]),
      [['threat', 'block-address', '192.0.2.7', block!.id]],
    );
    assert.match(await fake.context.metrics.metrics(), /magflock_sentinel_blocked_addresses 1/);
    await keeper.close();
    assert.equal(keeper.unsaved, 0);
    const next = await life();
    assert.deepEqual(next.keeper.list(undefined), [block]);
    assert.deepEqual(next.keeper.snapshot(), [block]);
    assert.deepEqual(next.keeper.list('shop'), []);
  });

  it('knows after a restart that a caller was blocked before', async () => {
    const first = await life();
    attack(first.keeper);
    await first.keeper.close();
    now += 601_000;
    const second = await life();
    assert.equal(second.keeper.size, 0);
    attack(second.keeper);
    const [block] = second.keeper.list(undefined);
    assert.equal(Date.parse(block!.until) - Date.parse(block!.since), 1_200_000);
  });

  it('ends it by time, in the threads, too', async () => {
    const { fake, keeper } = await life();
    attack(keeper);
    now += 600_000;
    await keeper.tick();
    assert.deepEqual(fake.published.at(-1), { blocks: [] });
    assert.deepEqual(fake.emitted.at(-1)?.payload, {
      block: audited[0]!.target,
      project: 'main',
      address: '192.0.2.7',
      by: 'time',
    });
  });

  it('lifts it durably, answers when every thread has confirmed, and audits it', async () => {
    const { fake, keeper } = await life();
    attack(keeper);
    await keeper.close();
    let confirm = (): void => {};
    fake.acknowledgement = new Promise((resolve) => (confirm = resolve));
    let answered = false;
    const lifting = keeper.unblock('192.0.2.7').then((blocks) => {
      answered = true;
      return blocks;
    });
    while (fake.published.length < 2) await new Promise(setImmediate);
    assert.equal(answered, false);
    assert.equal((await storage.sql('control', 'select 1 from cp_sentinel.blocks')).length, 0);
    confirm();
    assert.equal((await lifting).length, 1);
    assert.deepEqual(fake.published.at(-1), { blocks: [] });
    assert.deepEqual(names(fake), ['threat.address.blocked', 'threat.address.unblocked']);
    assert.equal(audited.at(-1)?.action, 'unblock-address');
    assert.equal((await life()).keeper.size, 0);
  });

  it('lifts all of an address, and one that is not in the database yet', async () => {
    const { keeper } = await life();
    attack(keeper);
    attack(keeper, { keyId: 'k-1' });
    attack(keeper, { project: 'shop' });
    attack(keeper, { address: '192.0.2.8' });
    assert.equal((await keeper.unblock('192.0.2.7')).length, 3);
    await keeper.close();
    assert.deepEqual(
      (await life()).keeper.list(undefined).map(({ address }) => address),
      ['192.0.2.8'],
    );
  });

  it('says which one was meant when there is none', async () => {
    const { keeper } = await life();
    await assert.rejects(keeper.unblock('192.0.2.9'), { code: 'MF311', fix: /^0 addresses/ });
    attack(keeper);
    await assert.rejects(keeper.unblock('192.0.2.70'), { code: 'MF311', fix: 'Did you mean 192.0.2.7?' });
  });

  it('blocks while the database is away, keeps trying, and lifts nothing that would come back', async () => {
    const { fake, keeper } = await life();
    storage.down = true;
    attack(keeper);
    await keeper.close();
    assert.deepEqual([keeper.size, keeper.unsaved, fake.published.length], [1, 1, 1]);
    assert.ok(fake.logged.includes('blocked addresses are not durable'));
    await assert.rejects(keeper.unblock('192.0.2.7'), { code: 'MF503' });
    assert.deepEqual([keeper.size, keeper.unsaved], [1, 1]);
    storage.down = false;
    await keeper.tick();
    assert.equal(keeper.unsaved, 0);
    assert.equal((await life()).keeper.size, 1);
  });

  it('reads the blocks later when the database was away at the start', async () => {
    const first = await life();
    attack(first.keeper);
    await first.keeper.close();
    storage.down = true;
    const { fake, keeper } = await life();
    assert.deepEqual([keeper.loaded, keeper.size], [false, 0]);
    storage.down = false;
    await keeper.tick();
    assert.deepEqual([keeper.loaded, keeper.size], [true, 1]);
    assert.equal((fake.published.at(-1) as { blocks: unknown[] }).blocks.length, 1);
  });

  it('pushes again what a thread did not take', async () => {
    const { fake, keeper } = await life();
    fake.acknowledgement = Promise.reject(new Error('cpu-1 does not answer'));
    attack(keeper);
    await new Promise(setImmediate);
    fake.acknowledgement = undefined;
    await keeper.tick();
    assert.equal(fake.published.length, 2);
    await keeper.tick();
    assert.equal(fake.published.length, 2);
  });

  it('makes none while it simulates, and says what it would have done', async () => {
    const { fake, keeper } = await life({}, 'simulate');
    attack(keeper, { enforced: false });
    assert.deepEqual([keeper.size, fake.published, audited], [0, [], []]);
    assert.deepEqual(fake.logged, ['would block this address; not done in mode simulate']);
  });

  it('enforces none of those it has while it simulates', async () => {
    const first = await life();
    attack(first.keeper);
    await first.keeper.close();
    const { keeper } = await life({}, 'simulate');
    assert.deepEqual([keeper.list(undefined).length, keeper.snapshot()], [1, []]);
  });

  it('hands everything over in a hot swap, half-way callers, too', async () => {
    const { keeper } = await life();
    attack(keeper);
    for (const value of ['a', 'b']) keeper.note(incident({ address: '192.0.2.8' }, value));
    const kept = structuredClone(await keeper.export());
    const next = await life();
    next.keeper.adopt(kept);
    next.keeper.note(incident({ address: '192.0.2.8' }, 'c'));
    assert.deepEqual(
      next.keeper.list(undefined).map(({ address }) => address),
      ['192.0.2.8', '192.0.2.7'],
    );
  });

  it('forgets a project that was removed', async () => {
    const { keeper } = await life();
    attack(keeper, { project: 'shop' });
    await keeper.close();
    await keeper.forgetProject('shop');
    assert.equal((await life()).keeper.size, 0);
  });
});

/** Three unlike incidents. */
function provoke(list: BlockList, now: number, changed: Partial<Incident> = {}) {
  const incidents = ['a', 'b', 'c'].map((value) => incident(changed, value));
  const outcomes = incidents.map((each) => list.note(each, rules, now));
  const last = outcomes.at(-1)!;
  assert.equal(last.kind, 'blocked');
  const { block } = last as { readonly block: KeptBlock };
  return { block, incidents: incidents.map(({ id }) => id) };
}
