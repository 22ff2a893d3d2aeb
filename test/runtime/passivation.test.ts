import assert from 'node:assert/strict';
import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import { defineActor } from '../../runtime/actor/define-actor.ts';
import type { Entities, EntityOptions, KeptState } from '../../runtime/actor/entities.ts';
import { type ActorSystem, createActorSystem } from '../../runtime/actor-system.ts';
import { until } from './support/until.ts';

interface CountProtocol {
  add(n: number): number;
  /** Adds, later. */
  slow(n: number): number;
  all(request: null): readonly number[];
  fail(request: null): void;
}
interface Count {
  total: number;
  readonly seen: number[];
  readonly context: ActorContext;
}

let starts = 0;
let stops = 0;
const count = defineActor<Count, CountProtocol, { readonly total: number } | undefined>({
  name: 'count',
  version: '1',
  handover: {
    version: 2,
    export: ({ total, seen }) => ({ total, seen }),
    adopt(context, exported) {
      starts += 1;
      const { total, seen } = exported as Pick<Count, 'total' | 'seen'>;
      return { total, seen, context };
    },
  },
  init(context) {
    starts += 1;
    return { total: 0, seen: [], context };
  },
  stop() {
    stops += 1;
  },
  methods: {
    add(state, n) {
      state.seen.push(n);
      state.total += n;
      return state.total;
    },
    async slow(state, n) {
      await new Promise((resolve) => setTimeout(resolve, 5));
      state.seen.push(n);
      state.total += n;
      return state.total;
    },
    all: ({ seen }) => seen,
    fail: ({ context }) => context.exit(new Error('broken')),
  },
});

describe('entities', () => {
  let system: ActorSystem;
  let owner: ActorContext;
  before(async () => {
    system = await createActorSystem();
  });
  after(() => system.stop());
  beforeEach(() => {
    const definition = defineActor<null, { ping(request: null): void }>({
      name: 'owner',
      version: '1',
      init(context) {
        owner = context;
        return null;
      },
      methods: { ping: () => {} },
    });
    system.spawn(definition);
    starts = 0;
    stops = 0;
  });
  afterEach(() => owner.exit());
  const entities = (
    options: EntityOptions<{ readonly total: number } | undefined> = {},
  ): Entities<CountProtocol> => owner.entities(count, options);

  it('are 10,000 with 100 in memory, and each keeps its state', async () => {
    const all = entities({ limit: 100 });
    const keys = Array.from({ length: 10_000 }, (_, n) => `key ${n}`);
    let most = 0;
    for (const round of [1, 2]) {
      const totals = await Promise.all(
        keys.map(async (key, n) => {
          const total = await all.ref(key).ask('add', n + 1);
          most = Math.max(most, all.live);
          return total;
        }),
      );
      assert.deepEqual(
        totals,
        keys.map((_, n) => (n + 1) * round),
      );
    }
    assert.ok(most <= 100, `${most} were in memory at once`);
    assert.ok(starts >= 19_900, `${starts} starts`);
    assert.equal(starts - stops, all.live);
  });

  it('leave when they are idle, and come back with the next message', async () => {
    const all = entities({ passivateAfterMs: 10 });
    assert.equal(await all.ref('a').ask('add', 1), 1);
    assert.equal(all.live, 1);
    await until('it has left', () => all.live === 0);
    assert.deepEqual([starts, stops], [1, 1]);
    assert.equal(await all.ref('a').ask('add', 2), 3);
    assert.equal(starts, 2);
  });

  it('lose no message and keep the order while they go and come', async () => {
    const all = entities({ limit: 2 });
    const keys = ['a', 'b', 'c', 'd', 'e'];
    const asks: Promise<unknown>[] = [];
    const going: Promise<void>[] = [];
    for (let n = 0; n < 400; n++) {
      const key = keys[(n * 7) % 5] as string;
      if (n % 3 === 0) all.ref(key).tell('add', n);
      else asks.push(all.ref(key).ask(n % 5 === 0 ? 'slow' : 'add', n));
      if (n % 11 === 0) going.push(all.passivate(key));
      if (n % 17 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([...asks, ...going]);
    for (const [at, key] of keys.entries()) {
      const mine = Array.from({ length: 400 }, (_, n) => n).filter((n) => (n * 7) % 5 === at);
      assert.deepEqual(await all.ref(key).ask('all', null), mine);
    }
    assert.ok(starts > 20, `they came ${starts} times`);
  });

  it('save and load where they are told to, and are saved when their manager ends', async () => {
    const saved = new Map<string, KeptState>();
    const options: EntityOptions<undefined> = {
      async save(key, kept) {
        await new Promise((resolve) => setTimeout(resolve, 2));
        saved.set(key, structuredClone(kept));
      },
      load: async (key) => saved.get(key),
    };
    const all = entities(options as never);
    await Promise.all(['a', 'b'].map((key) => all.ref(key).ask('add', 5)));
    owner.exit();
    await until('both are saved', () => saved.size === 2 && stops === 2);
    assert.deepEqual(saved.get('a'), { version: 2, state: { total: 5, seen: [5] } });
    await assert.rejects(all.ref('a').ask('add', 1), { code: 'MF601' });
  });

  it('stay in memory with their messages when their state cannot be saved', async () => {
    let broken = true;
    const kept = new Map<string, KeptState>();
    const all = entities({
      save(key, state) {
        if (broken) throw new Error('the disk is full');
        kept.set(key, state);
      },
      load: (key) => kept.get(key),
    });
    await all.ref('a').ask('add', 1);
    const going = all.passivate('a');
    const meanwhile = all.ref('a').ask('add', 1);
    await going;
    assert.equal(await meanwhile, 2);
    assert.deepEqual([starts, all.live], [1, 1]);
    broken = false;
    await all.passivate('a');
    assert.equal(all.live, 0);
    assert.equal(await all.ref('a').ask('add', 1), 3);
  });

  it('refuse what waits for one that cannot be loaded, and try again with the next message', async () => {
    let broken = true;
    const all = entities({
      load: async () => {
        if (broken) throw new Error('no connection');
        return undefined;
      },
      save: () => {},
    });
    const asks = [all.ref('a').ask('add', 1), all.ref('a').ask('add', 1)];
    for (const ask of asks) await assert.rejects(ask, /no connection|MF699|bug/i);
    broken = false;
    assert.equal(await all.ref('a').ask('add', 1), 1);
  });

  it('start anew from what was kept after a crash', async () => {
    const all = entities();
    await all.ref('a').ask('add', 4);
    await all.passivate('a');
    await all.ref('a').ask('add', 1);
    await all.ref('a').ask('fail', null);
    await until('it has ended', () => all.live === 0);
    assert.equal(await all.ref('a').ask('add', 1), 5);
  });

  it('hand a snapshot to init through their arguments when there is no handover', async () => {
    const plain = defineActor<{ total: number }, { add(n: number): number }, { readonly from: number }>({
      name: 'plain',
      version: '1',
      passivateAfterMs: 10,
      init: (_context, { from }) => ({ total: from }),
      snapshot: ({ total }) => total,
      methods: {
        add(state, n) {
          state.total += n;
          return state.total;
        },
      },
    });
    const all = owner.entities(plain, { args: (_key, kept) => ({ from: (kept?.state as number) ?? 100 }) });
    assert.equal(await all.ref('a').ask('add', 1), 101);
    await until('it has left', () => all.live === 0);
    assert.equal(await all.ref('a').ask('add', 1), 102);
  });

  it('hold no more than they are told to while one comes', async () => {
    const all = entities({
      held: 3,
      load: () => new Promise((resolve) => setTimeout(() => resolve(undefined), 20)),
      save: () => {},
    });
    const asks = [1, 2, 3, 4].map(() => all.ref('a').ask('add', 1));
    await assert.rejects(asks[3] as Promise<number>, { code: 'MF603' });
    assert.deepEqual(await Promise.all(asks.slice(0, 3)), [1, 2, 3]);
  });
});
