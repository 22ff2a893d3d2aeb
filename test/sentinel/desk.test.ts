import assert from 'node:assert/strict';
import { Circuit } from '../../actors/sentinel/desk/circuit.ts';
import { type DeskModels, type Judged, PatrolDesk } from '../../actors/sentinel/desk/patrol-desk.ts';
import { ScoreCache } from '../../actors/sentinel/desk/score-cache.ts';
import { ThrottleBook } from '../../actors/sentinel/desk/throttle-book.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { PatrolAnswer, PatrolRequest } from '../../runtime/protocol/patrol.protocol.ts';

const version = (name: string) => ({
  version: name,
  folder: `/models/${name}`,
  sha256: { values: 'a', statements: 'b' },
});
const models: DeskModels = { active: version('v1'), shadow: null };
const forever = Number.POSITIVE_INFINITY;

/** An ask under way, answered or failed by the test. */
interface Ask {
  readonly request: PatrolRequest;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  readonly reject: (error: unknown) => void;
  /** With the same score for all, or one each. */
  answer(scores: number | readonly number[], changed?: Partial<PatrolAnswer>): void;
}

/** A desk with a clock of the test's. */
function makeDesk({
  queue = 256,
  timeoutMs = 250,
  quickly = undefined as ((text: string) => number | undefined) | undefined,
} = {}) {
  const asks: Ask[] = [];
  let turns: (() => void)[] = [];
  let timers: { readonly at: number; readonly callback: () => void }[] = [];
  let now = 1_000;
  const cache = new ScoreCache(100);
  const desk = new PatrolDesk({
    ask: (request, { timeoutMs: patience, signal }) =>
      new Promise((resolve, reject) => {
        const answer: Ask['answer'] = (scores, changed = {}) =>
          resolve({
            version: request.active.version,
            shadowVersion: request.shadow?.version ?? null,
            scores: request.texts.map((_, at) => ({
              score: typeof scores === 'number' ? scores : scores[at]!,
              shadow: null,
              reason: null,
            })),
            tookMicros: 1,
            ...changed,
          });
        asks.push({ request, timeoutMs: patience, signal, reject, answer });
      }),
    after(milliseconds, callback) {
      const timer = { at: now + milliseconds, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    soon: (callback) => turns.push(callback),
    now: () => now,
    timeoutMs: () => timeoutMs,
    queue: () => queue,
    cache,
    ...(quickly === undefined ? {} : { quickly }),
  });
  desk.use(models);
  return {
    desk,
    asks,
    cache,
    timers: () => timers.length,
    /** Ends the turn of the event loop. */
    turn(): void {
      const due = turns;
      turns = [];
      for (const callback of due) callback();
    },
    pass(milliseconds: number): void {
      now += milliseconds;
      const due = timers.filter(({ at }) => at <= now);
      timers = timers.filter(({ at }) => at > now);
      for (const { callback } of due) callback();
    },
  };
}

const words = (judged: readonly Judged[]): (number | string)[] =>
  judged.map((one) => (one.score === undefined ? one.reason : one.score.score));

async function settled(verdicts: unknown): Promise<boolean> {
  return Promise.race([
    Promise.resolve(verdicts).then(() => true),
    new Promise<boolean>((resolve) => setImmediate(resolve, false)),
  ]);
}

describe('the desk where values are judged', () => {
  it('asks once for all requests of one turn, and gives each its own scores', async () => {
    const { desk, asks, turn } = makeDesk();
    const first = desk.judge(['a', 'b'], forever);
    const second = desk.judge(['c'], forever);
    assert.equal(asks.length, 0);
    turn();
    assert.deepEqual(
      asks.map(({ request }) => request.texts),
      [['a', 'c', 'b']],
      'the first value of each, then the second',
    );
    asks[0]!.answer([0.1, 0.3, 0.2]);
    assert.deepEqual(words(await first), [0.1, 0.2]);
    assert.deepEqual(words(await second), [0.3]);
    assert.equal(desk.pending, 0);
  });

  it('knows what was judged before, at once', async () => {
    const { desk, asks, turn } = makeDesk();
    const asked = desk.judge(['a'], forever);
    turn();
    asks[0]!.answer(0.2);
    await asked;
    const known = desk.judge(['a'], forever);
    assert.ok(!(known instanceof Promise));
    assert.deepEqual(words(known), [0.2]);
    assert.ok(desk.clears('a', 'query') && !desk.clears('b', 'query'));
    turn();
    assert.equal(asks.length, 1);
  });

  it('asks once for a value that several requests wait for, also in the same request', async () => {
    const { desk, asks, turn } = makeDesk();
    const first = desk.judge(['a', 'a'], forever);
    turn();
    const second = desk.judge(['a'], forever);
    turn();
    assert.deepEqual(
      asks.map(({ request }) => request.texts),
      [['a']],
    );
    asks[0]!.answer(0.5);
    assert.deepEqual([words(await first), words(await second)], [[0.5, 0.5], [0.5]]);
  });

  it('sends 64 texts in a message, two messages at a time, and gathers the rest', async () => {
    const { desk, asks, turn } = makeDesk();
    const all = desk.judge(
      Array.from({ length: 200 }, (_, at) => `value ${at}`),
      forever,
    );
    turn();
    assert.deepEqual(
      asks.map(({ request }) => request.texts.length),
      [64, 64],
    );
    asks[0]!.answer(0);
    asks[1]!.answer(0);
    assert.ok(!(await settled(all)));
    assert.deepEqual(
      asks.map(({ request }) => request.texts.length),
      [64, 64, 64, 8],
    );
    asks[2]!.answer(0);
    asks[3]!.answer(0);
    assert.equal((await all).length, 200);
  });

  it('lets a request with one value go before the rest of one with many, and none wait for ever', () => {
    const { desk, asks, turn } = makeDesk();
    const many = (name: string) => Array.from({ length: 40 }, (_, at) => `${name}${at}`.padEnd(1_024, '.'));
    const sent = () => asks.map(({ request }) => request.texts.map((text) => text.replaceAll('.', '')));
    void desk.judge(many('a'), forever);
    turn();
    assert.deepEqual(
      sent(),
      [many('a').slice(0, 8), many('a').slice(8, 16)].map((texts) =>
        texts.map((text) => text.replaceAll('.', '')),
      ),
    );
    void desk.judge(many('b'), forever);
    void desk.judge(['small'], forever);
    asks[0]!.answer(0);
    asks[1]!.answer(0);
    return new Promise<void>((resolve) => setImmediate(resolve)).then(() => {
      const [next = []] = sent().slice(2);
      assert.ok(next.includes('small') && next.includes('a16') && next.includes('b0'), next.join(' '));
    });
  });

  it('does not give up the workers for what was sent too late', () => {
    const { desk, asks, turn, pass } = makeDesk({ timeoutMs: 100 });
    const two = (): void => {
      for (const name of ['a', 'b']) void desk.judge([name.padEnd(2 ** 15, String(asks.length))], forever);
      turn();
    };
    two();
    // Each pair comes while the one before is under way, which uses up more than half of its time.
    for (const milliseconds of [45, 40, 45]) {
      pass(milliseconds);
      two();
      pass(0);
    }
    for (let rest = 0; rest < 4; rest += 1) pass(50);
    assert.ok(asks.length >= 6, `asked ${asks.length} times`);
    const next = desk.judge(['next'], forever);
    assert.ok(next instanceof Promise, 'asked for');
    pass(100);
  });

  it('sends a long text by itself', () => {
    const { desk, asks, turn } = makeDesk();
    void desk.judge(['a', 'x'.repeat(2 ** 18), 'b'], forever);
    turn();
    assert.deepEqual(
      asks.map(({ request }) => request.texts.map(({ length }) => length)),
      [[1], [2 ** 18]],
    );
  });

  const failures: readonly (readonly [what: string, error: unknown, reason: string])[] = [
    ['a dead worker', new MagFlockError('MF601', 'The worker ended.'), 'worker'],
    ['a part that is not there', new MagFlockError('MF607', 'Restarting.'), 'worker'],
    ['a deadline of the pool', new MagFlockError('MF602', 'Too late.'), 'timeout'],
    ['a cancelled ask', new MagFlockError('MF606', 'Cancelled.'), 'timeout'],
    ['a full queue', new MagFlockError('MF603', 'Full.'), 'queue'],
    ['no model', new MagFlockError('MF315', 'None.'), 'model'],
    ['a damaged model', new MagFlockError('MF314', 'Damaged.'), 'model'],
    ['a bug', new TypeError('no'), 'worker'],
  ];
  for (const [what, error, reason] of failures) {
    it(`settles with "${reason}" after ${what}`, async () => {
      const { desk, asks, turn, timers } = makeDesk();
      const verdicts = desk.judge(['a', 'b'], forever);
      turn();
      asks[0]!.reject(error);
      assert.deepEqual(words(await verdicts), [reason, reason]);
      assert.equal(timers(), 0);
      assert.ok(!desk.clears('a', 'query'));
    });
  }

  const answers: readonly (readonly [what: string, changed: object, expected: (number | string)[]])[] = [
    ['too few scores', { scores: [{ score: 0.1, shadow: null, reason: null }] }, [0.1, 'worker']],
    ['no number', { scores: [{ score: Number.NaN }, { score: 2 }] }, ['model', 'model']],
    ['nothing that can be read', { scores: undefined }, ['worker', 'worker']],
  ];
  for (const [what, changed, expected] of answers) {
    it(`settles when the answer has ${what}`, async () => {
      const { desk, asks, turn } = makeDesk();
      const verdicts = desk.judge(['a', 'b'], forever);
      turn();
      asks[0]!.answer(0, changed as Partial<PatrolAnswer>);
      assert.deepEqual(words(await verdicts), expected);
      assert.equal(desk.pending, 0);
    });
  }

  it('waits no longer than the setting says, and tells the worker', async () => {
    const { desk, asks, turn, pass, timers } = makeDesk();
    const verdicts = desk.judge(['a'], forever);
    turn();
    assert.equal(asks[0]!.timeoutMs, 250);
    pass(249);
    assert.ok(!(await settled(verdicts)));
    pass(1);
    assert.deepEqual(words(await verdicts), ['timeout']);
    assert.ok(asks[0]!.signal.aborted);
    asks[0]!.answer(0.9); // Too late for anybody.
    assert.ok(!desk.clears('a', 'query'));
    assert.deepEqual([timers(), desk.pending], [0, 0]);
  });

  it('waits no longer than the request can, and cancels what nobody waits for', async () => {
    const { desk, asks, turn, pass, timers } = makeDesk();
    const hurried = desk.judge(['a'], 10);
    const patient = desk.judge(['a', 'b'], forever);
    turn();
    pass(10);
    assert.deepEqual(words(await hurried), ['timeout']);
    assert.ok(!asks[0]!.signal.aborted);
    asks[0]!.answer(0.3);
    assert.deepEqual(words(await patient), [0.3, 0.3]);
    const alone = desk.judge(['c'], 10);
    turn();
    pass(10);
    assert.deepEqual(words(await alone), ['timeout']);
    assert.ok(asks[1]!.signal.aborted);
    assert.deepEqual([timers(), desk.pending], [0, 0]);
  });

  it('takes no more than the queue holds', async () => {
    const { desk, asks, turn } = makeDesk({ queue: 1 });
    const texts = (from: number, count: number) => Array.from({ length: count }, (_, at) => `v${from + at}`);
    const all = desk.judge(texts(0, 100), forever);
    turn();
    assert.deepEqual(
      asks.map(({ request }) => request.texts.length),
      [64],
    );
    asks[0]!.answer(0);
    const judged = words(await all);
    assert.deepEqual([judged.filter((one) => one === 0).length, judged.at(-1)], [64, 'queue']);
  });

  it('stops asking for a second after five timeouts in a row, then tries again', async () => {
    const { desk, asks, turn, pass } = makeDesk();
    for (let number = 0; number < 5; number += 1) {
      const verdicts = desk.judge([`v${number}`], forever);
      turn();
      pass(250);
      assert.deepEqual(words(await verdicts), ['timeout']);
    }
    const refused = desk.judge(['x'], forever);
    assert.ok(!(refused instanceof Promise));
    assert.deepEqual(words(refused), ['worker']);
    assert.equal(asks.length, 5);
    pass(1_000);
    const again = desk.judge(['y'], forever);
    turn();
    asks[5]!.answer(0.1);
    assert.deepEqual(words(await again), [0.1]);
  });

  it('settles what gathers behind asks that are never answered', async () => {
    const { desk, turn, pass } = makeDesk();
    const all: unknown[] = [];
    for (let number = 0; number < 10; number += 1) {
      all.push(desk.judge([`v${number}`], forever));
      turn();
      pass(20);
    }
    for (let step = 0; step < 10; step += 1) pass(50);
    for (const verdicts of all) assert.ok(await settled(verdicts));
    assert.equal(desk.pending, 0);
  });

  it('says at once that there is no model', () => {
    const { desk, asks } = makeDesk();
    desk.use(null);
    assert.deepEqual(words(desk.judge(['a'], forever) as readonly Judged[]), ['model']);
    assert.equal(asks.length, 0);
  });

  it('forgets what another version said, and keeps nothing of one that comes late', async () => {
    const { desk, asks, turn } = makeDesk();
    const first = desk.judge(['a'], forever);
    turn();
    asks[0]!.answer(0);
    await first;
    const late = desk.judge(['b'], forever);
    turn();
    desk.use({ active: version('v2'), shadow: null });
    assert.ok(!desk.clears('a', 'query'));
    asks[1]!.answer(0.2);
    assert.deepEqual(words(await late), [0.2], 'no request waits for the new version');
    assert.ok(!desk.clears('b', 'query'));
    const behind = desk.judge(['c'], forever);
    turn();
    assert.equal(asks[2]!.request.active.version, 'v2');
    asks[2]!.answer(0, { version: 'v1' });
    await behind;
    assert.ok(!desk.clears('c', 'query'), 'the worker has not loaded it yet');
  });

  it('settles here what the model finds harmless at once, a few texts of a request, and asks for the rest', async () => {
    const scores: Record<string, number | undefined> = { harmless: 0.01, doubtful: 0.7, long: undefined };
    const tried: string[] = [];
    const quickly = (text: string): number | undefined => {
      tried.push(text);
      return scores[text] ?? (text.startsWith('v') ? 0 : undefined);
    };
    const { desk, asks, turn } = makeDesk({ quickly });
    const atOnce = desk.judge(['harmless'], forever);
    assert.ok(!(atOnce instanceof Promise));
    assert.deepEqual(words(atOnce), [0.01]);
    assert.ok(desk.clears('harmless', 'query'));
    const asked = desk.judge(['harmless', 'doubtful', 'long'], forever);
    turn();
    assert.deepEqual(asks[0]!.request.texts, ['doubtful', 'long']);
    asks[0]!.answer([0.99, 0]);
    assert.deepEqual(words(await asked), [0.01, 0.99, 0]);
    void desk.judge(['v1', 'v2', 'v3', 'v4', 'v5'], forever);
    turn();
    assert.deepEqual(asks[1]!.request.texts, ['v5']);
    desk.use({ ...models, shadow: version('v2') });
    tried.length = 0;
    void desk.judge(['harmless'], forever);
    assert.deepEqual(tried, [], 'two versions are compared by the workers');
  });

  it('settles everything when its thread ends', async () => {
    const { desk, turn, timers } = makeDesk();
    const sent = desk.judge(['a'], forever);
    turn();
    const gathered = desk.judge(['b'], forever);
    desk.stop();
    assert.deepEqual([words(await sent), words(await gathered)], [['worker'], ['worker']]);
    assert.deepEqual(words(desk.judge(['c'], forever) as readonly Judged[]), ['worker']);
    assert.equal(timers(), 0);
  });
});

describe('the cache of scores', () => {
  const score = {
    score: 0,
    shadow: null,
    reason: null,
    version: 'v1',
    shadowVersion: null,
    clearsQuery: true,
    clearsBody: true,
  };

  it('does not grow with a flood of new values, and keeps what is used', () => {
    const cache = new ScoreCache(100);
    for (let number = 0; number < 10_000; number += 1) {
      cache.set(`${number} ${'x'.repeat(number % 400)}`, score);
      if (number === 0) cache.set('often', score);
      assert.ok(cache.get('often') !== undefined && cache.size <= 200);
    }
  });

  it('is bounded in bytes, too', () => {
    const cache = new ScoreCache(1_000, 10_000);
    const reason = { features: [], nearest: null, read: 'A'.repeat(1_000) };
    for (let number = 0; number < 100; number += 1) cache.set(`${number}`, { ...score, reason });
    assert.ok(cache.size <= 10, `${cache.size}`);
  });

  it('does not take a text for the digest of a long one', () => {
    const cache = new ScoreCache();
    const long = 'x'.repeat(10_000);
    cache.set(long, score);
    assert.equal(cache.get(long), score);
    assert.equal(cache.get(`${long.slice(1)}y`), undefined);
  });
});

describe('the circuit', () => {
  it('opens after five failures in a row and closes with a success', () => {
    const circuit = new Circuit();
    for (let number = 0; number < 4; number += 1) circuit.failed(0);
    circuit.succeeded();
    for (let number = 0; number < 4; number += 1) circuit.failed(0);
    assert.ok(!circuit.isOpen(0));
    circuit.failed(0);
    assert.ok(circuit.isOpen(999) && !circuit.isOpen(1_000));
    circuit.failed(1_000);
    assert.ok(circuit.isOpen(1_999), 'one more is enough');
  });
});

describe('the buckets of callers', () => {
  it('fill up again with time', () => {
    const book = new ThrottleBook();
    assert.deepEqual(
      [book.take('a', 2, 0), book.take('a', 2, 0), book.take('a', 2, 0)],
      [undefined, undefined, 30],
    );
    assert.equal(book.take('a', 2, 15_000), 15);
    assert.equal(book.take('a', 2, 30_000), undefined);
    assert.equal(book.take('b', 2, 30_000), undefined);
    assert.equal(book.take('b', 0, 30_000), 60, 'none at all');
  });

  it('do not grow with a flood of callers', () => {
    const book = new ThrottleBook(100);
    for (let number = 0; number < 10_000; number += 1) {
      book.take(`${number}`, 1, 0);
      assert.ok(book.size <= 200);
    }
  });
});
