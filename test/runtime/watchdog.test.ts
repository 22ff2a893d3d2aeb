import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import type { EventPayload } from '../../runtime/bus/event-catalog.ts';
import { type BlockedThread, Watchdog } from '../../runtime/telemetry/watchdog.ts';
import { WatchdogMark } from '../../runtime/telemetry/watchdog-mark.ts';
import type { BusyProtocol } from './fixtures/busy.actor.ts';
import { busy, observed } from './support/observed.ts';
import { until } from './support/until.ts';

describe('the mark of a thread', () => {
  it('says who runs what, and keeps the last one after its end', () => {
    const mark = new WatchdogMark();
    const there = new WatchdogMark(mark.buffer);
    assert.deepEqual(there.read(), { beat: 0, sequence: 0, actor: '', method: '' });
    const [actor, method] = [mark.label('/psu'), mark.label('checkKey')];
    mark.begin(actor, method, 0);
    assert.deepEqual(there.read(), { beat: 0, sequence: 1, actor: '/psu', method: 'checkKey' });
    mark.end();
    mark.beat();
    assert.deepEqual(there.read(), { beat: 1, sequence: 2, actor: '/psu', method: 'checkKey' });
    mark.begin(actor, method, 17);
    assert.equal(there.read().actor, '/psu/$17');
  });

  it('has room for a thousand names, and goes on without those that come later', () => {
    const mark = new WatchdogMark();
    const labels = Array.from({ length: 2_000 }, (_, index) => mark.label(`name-${index}`));
    assert.equal(labels[1_000], 1_001);
    assert.equal(labels.at(-1), -1);
    assert.equal(mark.label('name-7'), 8);
    mark.begin(labels.at(-1) as number, 8, 0);
    assert.deepEqual([mark.read().actor, mark.read().method], ['', 'name-7']);
  });
});

describe('a watchdog', () => {
  let now: number;
  let mark: WatchdogMark;
  let told: [what: string, ms: number, by: string, running: boolean][];
  let dog: Watchdog;

  function look(after: number): void {
    now += after;
    dog.look();
  }

  const note = (what: string) => (blocked: BlockedThread) =>
    void told.push([what, blocked.forMs, `${blocked.actor}.${blocked.method}`, blocked.running]);

  function make(more: { stuckMs?: number; shared?: boolean } = {}): Watchdog {
    const made = new Watchdog({
      blockedMs: 100,
      stuckMs: more.stuckMs ?? 0,
      everyMs: 50,
      shared: more.shared ?? false,
      onBlocked: note('blocked'),
      onStuck: note('stuck'),
      onOver: note('over'),
      now: () => now,
    });
    made.watch('one', mark.buffer);
    made.look();
    return made;
  }

  beforeEach(() => {
    now = 0;
    told = [];
    mark = new WatchdogMark();
    mark.watched = true;
    mark.begin(mark.label('/psu'), mark.label('hash'), 0);
    dog = make();
  });

  it('says nothing of a thread whose loop turns, however long a message awaits', () => {
    for (let beats = 0; beats < 20; beats++) {
      mark.beat();
      look(50);
    }
    assert.deepEqual(told, []);
  });

  it('names actor and method at the threshold, at each doubling, and when it is over', () => {
    for (let looks = 0; looks < 9; looks++) look(50);
    mark.beat();
    look(50);
    assert.deepEqual(told, [
      ['blocked', 100, '/psu.hash', true],
      ['blocked', 200, '/psu.hash', true],
      ['blocked', 400, '/psu.hash', true],
      ['over', 500, '/psu.hash', true],
    ]);
    assert.deepEqual(dog.blocked(), []);
  });

  it('does not blame a message that has ended, or the last of many short ones', () => {
    mark.end();
    look(50);
    look(50);
    assert.deepEqual(told.splice(0), [['blocked', 100, '/psu.hash', false]]);
    for (let looks = 0; looks < 2; looks++) {
      mark.begin(1, 2, 0);
      look(50);
    }
    assert.deepEqual(told, [['blocked', 200, '/psu.hash', false]]);
  });

  it('says once that a thread is stuck', () => {
    dog = make({ stuckMs: 250 });
    for (let looks = 0; looks < 8; looks++) look(50);
    assert.deepEqual(
      told.filter(([what]) => what === 'stuck'),
      [['stuck', 250, '/psu.hash', true]],
    );
  });

  it('judges nobody when it was held up itself', () => {
    look(10_000);
    assert.deepEqual(told, []);
    look(50);
    look(50);
    assert.equal(told.length, 1);
  });

  it('says nothing while a thread loads its code', () => {
    mark.watched = false;
    look(150);
    look(150);
    assert.deepEqual(told, []);
  });

  it('of several that look at the same thread one tells', () => {
    const others = [make({ shared: true }), make({ shared: true }), make({ shared: true })];
    now += 120;
    for (const each of others) each.look();
    assert.equal(told.length, 1);
  });
});

describe('a machine whose thread is blocked', function () {
  this.timeout(30_000);
  const settings = { 'watchdog.blockedMs': 250, 'watchdog.killMs': 0 } as const;
  type Blocked = EventPayload<'actor.blocked'>;

  for (const { title, ask, path, method, running } of [
    {
      title: 'by a message of a part',
      ask: ['spin', { ms: 2_500 }],
      path: '/one',
      method: 'spin',
      running: true,
    },
    {
      title: 'by a message of an unnamed child',
      ask: ['spinChild', { ms: 2_500 }],
      path: '/one/$1',
      method: 'spin',
      running: true,
    },
    {
      title: 'by a message of a named child',
      ask: ['spinChild', { ms: 2_500, name: 'kid' }],
      path: '/one/kid',
      method: 'spin',
      running: true,
    },
    {
      title: 'by what goes on after an await, which is the last message',
      ask: ['spin', { ms: 2_500, later: true }],
      path: '/one',
      method: 'spin',
      running: false,
    },
  ] as const) {
    it(`${title}: names it while it lasts`, async () => {
      const machine = await observed([busy('one')], settings);
      try {
        const events: Blocked[] = [];
        machine.motherboard.events.on('actor.blocked', (event) => void events.push(event));
        let answered = false;
        const done = machine
          .ref<BusyProtocol>('one')
          .ask(ask[0], ask[1] as never, { timeoutMs: 20_000 })
          .then(() => {
            answered = true;
          });
        // On a machine that has other things to do a thread may be late before anything blocks it.
        const named = () => events.find((event) => event.method === method);
        await until('it is announced', () => named() !== undefined, 10_000);
        assert.equal(answered, false);
        const first = named();
        assert.deepEqual(
          { path: first?.path, method: first?.method, running: first?.running, over: first?.over },
          { path, method, running, over: false },
        );
        assert.ok((first?.forMs ?? 0) >= 250 && (first?.forMs ?? 0) < 2_500);
        const { blocked, threads } = await machine.motherboard.tree.tree({});
        assert.ok(blocked.some((each) => each.path === path));
        assert.equal(threads.find(({ thread }) => thread === 'one')?.answers, answered);
        await done;
        await until('its end is announced', () => events.at(-1)?.over === true);
        assert.ok((events.at(-1)?.forMs ?? 0) >= 500);
        const { text } = await machine.motherboard.metrics();
        assert.match(text, /magflock_actor_blocked_total\{part="one",thread="one"\} [1-9]/);
      } finally {
        await machine.close();
      }
    });
  }

  it('for longer than watchdog.killMs: the thread is ended and the part is back', async () => {
    const machine = await observed([busy('one')], { ...settings, 'watchdog.killMs': 800 });
    try {
      const reasons: string[] = [];
      machine.motherboard.events.on('component.failed', ({ reason }) => void reasons.push(reason));
      const ref = machine.ref<BusyProtocol>('one');
      await assert.rejects(ref.ask('spin', { ms: 3_600_000 }, { timeoutMs: 20_000 }), { code: 'MF601' });
      assert.equal(await ref.ask('incarnation', null), 2);
      assert.match(reasons.join(), /\/one\.spin has been holding up thread one for \d+ ms/);
    } finally {
      await machine.close();
    }
  });

  it('the main thread: a worker names who holds it up', async () => {
    const parts = [busy('inline', { placement: { kind: 'inline' } }), busy('one'), busy('two')];
    const machine = await observed(parts, settings);
    try {
      const events: Blocked[] = [];
      machine.motherboard.events.on('actor.blocked', (event) => void events.push(event));
      await machine.ref<BusyProtocol>('inline').ask('spin', { ms: 1_500 }, { timeoutMs: 20_000 });
      const spun = () => events.filter(({ method }) => method === 'spin');
      await until('it is announced', () => spun().some(({ over }) => over), 10_000);
      const [first] = spun();
      assert.deepEqual([first?.thread, first?.path, first?.running], ['main', '/inline', true]);
      assert.equal(spun().filter(({ over, forMs }) => !over && forMs < 500).length, 1, 'one worker tells');
    } finally {
      await machine.close();
    }
  });
});

describe('platform: shared memory', () => {
  it('a plain store of a thread that never returns to its loop is seen by others', async () => {
    const mark = new WatchdogMark();
    const words = new Int32Array(mark.buffer);
    const code = `const w = new Int32Array(require('node:worker_threads').workerData); w[1] = 7; for (;;) w[2] = 1;`;
    const worker = new Worker(code, { eval: true, workerData: mark.buffer });
    await until('the store is seen', () => words[1] === 7);
    await worker.terminate();
  });
});
