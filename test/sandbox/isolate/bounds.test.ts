import assert from 'node:assert/strict';
import type { ErrorEnvelope } from '../../../runtime/errors/error-envelope.ts';
import { loadGuest } from './load-guest.ts';

const warm = async (guest: Awaited<ReturnType<typeof loadGuest>>): Promise<void> => {
  // Enough short calls for the lane on the main thread.
  for (let at = 0; at < 30; at += 1) await guest.call('health');
};
const envelopeOf = (payload: string): ErrorEnvelope => JSON.parse(payload) as ErrorEnvelope;

interface Row {
  readonly name: string;
  readonly code: string;
  /** Code of the answer, and how the guest ended. */
  readonly code_: readonly string[];
  readonly ends: readonly string[];
}

const rows: readonly Row[] = [
  { name: 'a loop without an end', code: 'for (;;);', code_: ['MF661'], ends: ['cpu'] },
  {
    name: 'microtasks without an end',
    // None holds on to the next one, or memory would end before time.
    code: 'const again = () => { Promise.resolve().then(again); }; again(); return new Promise(() => {});',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'async functions that await for ever',
    code: 'for (;;) await null;',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'a regular expression that explodes',
    code: `return /^(a+)+$/.test('a'.repeat(60) + 'b')`,
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'a comparison of a sort that never ends',
    code: 'return [1, 2].sort(() => { for (;;); })',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'a getter of the result that never ends',
    code: 'return { get a() { for (;;); } }',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'a toJSON that never ends',
    code: 'return { toJSON() { for (;;); } }',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'a getter of a thrown error that never ends',
    code: 'throw { get message() { for (;;); } }',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'a then that never ends',
    code: 'return { then() { for (;;); } }',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'a proxy that never ends',
    code: 'return new Proxy({}, { get() { for (;;); } })',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'a rejection that nobody handles, with getters that never end',
    code: `Promise.reject({ get message() { for (;;); }, get stack() { for (;;); }, get name() { for (;;); } }); return 'fine'`,
    code_: ['fine'],
    ends: [],
  },
  {
    name: 'a thousand rejections that nobody handles',
    code: `for (let i = 0; i < 1000; i += 1) Promise.reject(new Error('x')); return 'fine'`,
    code_: ['fine'],
    ends: [],
  },
  {
    name: 'a loop after a caught error',
    code: 'for (;;) { try { throw 1; } catch {} }',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'an error at the end of the time that is caught again and again',
    code: 'const run = () => { try { for (;;); } finally { run(); } }; run();',
    code_: ['MF661'],
    ends: ['cpu'],
  },
  {
    name: 'a recursion without an end',
    code: 'const dig = () => dig() + 1; return dig()',
    code_: ['MF662'],
    ends: [],
  },
  {
    name: 'objects without an end',
    code: 'const all = []; for (;;) all.push({ a: [1, 2, 3] });',
    code_: ['MF601'],
    ends: ['memory'],
  },
  {
    name: 'a string that doubles without an end',
    code: `let all = 'x'.repeat(1000); const kept = []; for (;;) { all += all; kept.push([...all.slice(0, 1e6)]); }`,
    code_: ['MF601'],
    ends: ['memory'],
  },
  {
    name: 'one buffer of 600 MB',
    code: 'return new Uint8Array(600e6).length',
    code_: ['MF662'],
    ends: [],
  },
  {
    name: 'an answer that is too long',
    code: `return 'x'.repeat(5e6)`,
    code_: ['MF664'],
    ends: [],
  },
  {
    name: 'an answer that is too long in bytes only',
    code: `return '\\u20ac'.repeat(2e6)`,
    code_: ['MF664'],
    ends: [],
  },
  {
    name: 'an answer that is too deep',
    code: 'let deep = []; for (let i = 0; i < 1000; i += 1) deep = [deep]; return deep',
    code_: ['MF664'],
    ends: [],
  },
  {
    name: 'an answer whose text looks deep',
    code: `return '[{'.repeat(100) + '\\\\"' + '[{'.repeat(100)`,
    code_: ['fine'],
    ends: [],
  },
  {
    name: 'an error with a message that is too long',
    code: `throw new Error('x'.repeat(1e6))`,
    code_: ['MF662'],
    ends: [],
  },
  {
    name: 'an error that claims to be the machine’s',
    code: `throw Object.assign(new Error('x'), { code: 'MF661' })`,
    code_: ['MF662'],
    ends: [],
  },
  {
    name: 'an error with a code that blames a user',
    code: `throw Object.assign(new Error('x'), { code: 'MF402', fix: 'y', details: { a: 1 } })`,
    code_: ['MF402'],
    ends: [],
  },
  { name: 'an error that is null', code: 'throw null', code_: ['MF662'], ends: [] },
  { name: 'an error that is a symbol', code: `throw Symbol('x')`, code_: ['MF662'], ends: [] },
  {
    name: 'an error whose properties throw',
    code: `throw new Proxy(new Error('x'), { get() { throw new Error('y'); } })`,
    code_: ['MF662'],
    ends: [],
  },
  { name: 'a result that is a function', code: 'return () => 1', code_: ['fine'], ends: [] },
  { name: 'a result that is a bigint', code: 'return 1n', code_: ['MF662'], ends: [] },
  {
    name: 'a then that calls back often',
    code: 'return { then(a, b) { a(1); a(2); b(3); throw 4; } }',
    code_: ['fine'],
    ends: [],
  },
];

describe('bounds of an isolate', () => {
  for (const lane of ['beside', 'on'] as const) {
    describe(`${lane} the main thread`, () => {
      for (const {
        name,
        code,
        code_: [expected],
        ends,
      } of rows) {
        it(`${name}: ${expected}${ends.length > 0 ? `, ended by ${ends.join()}` : ''}`, async () => {
          await using guest = await loadGuest(
            `export default { async onRequest(input, context) { ${code} }, onHealth: () => 1 }`,
          );
          if (lane === 'on') await warm(guest);
          const { ok, payload } = await guest.call(
            'request',
            {},
            { cpuMs: ends[0] === 'memory' ? 5000 : 60 },
          );
          assert.equal(ok ? 'fine' : envelopeOf(payload).code, expected, payload.slice(0, 300));
          assert.doesNotMatch(payload, /node:|\/work|\.ts\b|file:/);
          assert.ok(payload.length < 1e6);
          assert.deepEqual(
            guest.ends.map(({ reason }) => reason),
            ends,
          );
          const next = await guest.call('health');
          assert.equal(next.ok, ends.length === 0);
        });
      }
    });
  }

  for (const [what, code] of [
    ['work', `for (let x = 0, at = 0; at < 400_000; at += 1) x = Math.sqrt(x + at); return 1`],
    ['answer with much', `return 'x'.repeat(1_000_000)`],
    ['work after a system call', `await context.cache.get('x'); 'ab'.repeat(1e6).split('').length; return 1`],
  ] as const) {
    it(`a guest whose calls ${what} is not ended because a hundred come at the same time`, async () => {
      await using guest = await loadGuest(
        `export default { async onRequest(input, context) { ${code} }, onHealth: () => 1 }`,
        { capabilities: ['cache'], concurrentSyscalls: 200, memoryMegabytes: 64 },
      );
      await warm(guest);
      const alone = await guest.call('request', {}, { ms: 30_000 });
      // A limit that one call keeps with room, on any machine, and a hundred in one turn do not.
      const cpuMs = Math.ceil((alone.cpuMicros / 1000) * 8) + 5;
      const bounds = { ms: 30_000, cpuMs };
      const answers = await Promise.all(Array.from({ length: 100 }, () => guest.call('request', {}, bounds)));
      assert.deepEqual(
        answers.filter(({ ok }) => !ok).map(({ payload }) => payload),
        [],
      );
      assert.deepEqual(guest.ends, []);
    });
  }

  it('a promise that never settles is answered at the deadline, and the next call is served', async () => {
    await using guest = await loadGuest(
      `export default { onRequest: () => new Promise(() => {}), onHealth: () => 'fine' }`,
    );
    const answers = await Promise.all([
      guest.call('request', {}, { ms: 30 }),
      guest.call('request', {}, { ms: 60 }),
      guest.call('health', null, { ms: 5000 }),
    ]);
    assert.deepEqual(
      answers.map(({ ok, payload }) => (ok ? payload : envelopeOf(payload).code)),
      ['MF602', 'MF602', '"fine"'],
    );
    assert.deepEqual(guest.ends, []);
  });

  it('a call whose deadline has passed does not run', async () => {
    await using guest = await loadGuest(
      `let runs = 0; export default { onRequest: () => { runs += 1; }, onHealth: () => runs }`,
    );
    const { payload } = await guest.call('request', {}, { ms: -1 });
    assert.equal(envelopeOf(payload).code, 'MF602');
    assert.equal(await guest.value('health'), 0);
  });

  it('a late result of the host is not delivered into a call that is over', async () => {
    const released = Promise.withResolvers<void>();
    await using guest = await loadGuest(
      `let after = 0; export default { async onRequest(_, context) { await context.cache.get('x'); after += 1; return 'late'; }, onHealth: () => after }`,
      { capabilities: ['cache'], answer: () => released.promise },
    );
    const { payload } = await guest.call('request', {}, { ms: 30 });
    assert.equal(envelopeOf(payload).code, 'MF602');
    released.resolve();
    await guest.isolate.ping();
    assert.equal(guest.isolate.vitals().calls, 1);
    assert.deepEqual(guest.ends, []);
  });

  it('more calls than may be under way are refused, the others answered', async () => {
    await using guest = await loadGuest(`export default { onRequest: () => new Promise(() => {}) }`);
    const answers = await Promise.all(
      Array.from({ length: 1030 }, () => guest.call('request', {}, { ms: 100 })),
    );
    const codes = answers.map(({ payload }) => envelopeOf(payload).code);
    assert.equal(codes.filter((code) => code === 'MF664').length, 6);
    assert.equal(codes.filter((code) => code === 'MF602').length, 1024);
  });

  it('more capability calls than may be under way are refused inside', async () => {
    await using guest = await loadGuest(
      `export default { async onRequest(_, context) {
        const all = await Promise.allSettled(Array.from({ length: 1000 }, (_, at) => context.cache.get(String(at))));
        return [all.filter((one) => one.status === 'fulfilled').length, all.at(-1).reason.code, all.at(-1).reason.details.limit];
      } }`,
      { capabilities: ['cache'], concurrentSyscalls: 8 },
    );
    assert.deepEqual(await guest.value('request'), [8, 'MF664', 'concurrentSyscalls']);
    assert.equal(guest.syscalls.length, 8);
  });

  it('a flood of log lines is cut, counted, and bounded in length', async () => {
    await using guest = await loadGuest(
      `export default { onRequest(_, context) { for (let i = 0; i < 1e4; i += 1) console.log('x'.repeat(20000)); } }`,
      { logLinesPerSecond: 5 },
    );
    await guest.value('request');
    // A second may turn in between.
    assert.ok(guest.logs.length >= 5 && guest.logs.length <= 11, String(guest.logs.length));
    assert.ok(guest.logs.every(({ text }) => text.length <= 8 * 1024 + 1));
  });

  it('log lines carry no escape sequences and come at their level', async () => {
    await using guest = await loadGuest(
      `export default { onRequest(_, { log }) { log.debug('a', { b: 1 }); log.warn('\\u001b[31mred\\u202e'); console.error(new Error('x')); log.info(new Proxy({}, { get() { throw 1; } })); } }`,
    );
    await guest.value('request');
    assert.deepEqual(
      guest.logs.map(({ level }) => level),
      [0, 2, 3, 1],
    );
    assert.equal(guest.logs[0]?.text, 'a {"b":1}');
    assert.equal(guest.logs[1]?.text, '?[31mred?');
    assert.match(guest.logs[2]?.text ?? '', /^Error: x\n\s+at .*extension\.js/);
    assert.doesNotMatch(guest.logs[2]?.text ?? '', /node:|\/work|\.ts\b/);
    assert.equal(guest.logs[3]?.text, '[cannot be shown]');
  });

  it('timers are few, and setting and clearing them does not flood the host', async () => {
    await using guest = await loadGuest(
      `export default {
        onRequest() { let set = 0; try { for (;;) { clearTimeout(setTimeout(() => {}, 1000)); set += 1; } } catch (error) { return [set, error.name]; } },
        onEvent() { let set = 0; try { for (;;) { setTimeout(() => {}, 1e9); set += 1; } } catch (error) { return [set, error.name]; } },
        onHealth: () => new Promise((resolve) => setTimeout(resolve, 5, 'rang')),
      }`,
      { trust: 'signed' },
    );
    assert.equal(await guest.value('health'), 'rang');
    assert.deepEqual(await guest.value('request'), [256, 'RangeError']);
    assert.deepEqual(await guest.value('event'), [64, 'RangeError']);
  });

  it('calls that are under way when another ends the guest are told so', async () => {
    await using guest = await loadGuest(
      `export default { onRequest: () => new Promise(() => {}), onEvent() { for (;;); } }`,
    );
    const waiting = guest.call('request');
    await guest.isolate.ping();
    const guilty = await guest.call('event', {}, { cpuMs: 30 });
    assert.equal(envelopeOf(guilty.payload).code, 'MF661');
    assert.equal(envelopeOf((await waiting).payload).code, 'MF601');
    assert.equal((await guest.end).reason, 'cpu');
  });

  it('a cancelled call is answered at once, and its guest goes on', async () => {
    await using guest = await loadGuest(
      `export default { onRequest: () => new Promise(() => {}), onHealth: () => 'fine' }`,
    );
    const id = 'c'.repeat(24);
    const answered = new Promise<string>((resolve) => {
      const body = { entry: 'request', cpuMs: 100, deadline: Date.now() + 10_000, payload: 'null' } as const;
      guest.isolate.call(id, body, ({ payload }) => resolve(payload));
    });
    guest.isolate.cancel(id);
    guest.isolate.cancel(id);
    assert.equal(envelopeOf(await answered).code, 'MF606');
    assert.equal(await guest.value('health'), 'fine');
  });

  it('a neighbour is served while a guest loops beside it', async () => {
    await using loop = await loadGuest(`export default { onRequest() { for (;;); } }`);
    await using neighbour = await loadGuest(`export default { onRequest: () => 'fine' }`);
    const looping = loop.call('request', {}, { cpuMs: 300 });
    let served = 0;
    let over = false;
    void looping.then(() => {
      over = true;
    });
    while (!over) {
      assert.equal(await neighbour.value('request'), 'fine');
      served += 1;
    }
    assert.ok(served > 1, String(served));
    assert.equal(envelopeOf((await looping).payload).code, 'MF661');
  });
});
