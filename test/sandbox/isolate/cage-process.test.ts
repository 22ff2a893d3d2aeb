import assert from 'node:assert/strict';
import { frameKind } from '../../../sandbox/protocol/frame-kind.ts';
import { frameLimits, noId } from '../../../sandbox/protocol/frame-limits.ts';
import type { GuestEnd } from '../../../sandbox/protocol/load-request.ts';
import { openCage } from './open-cage.ts';

const echo = 'export default { onRequest: (input) => input, onHealth: () => new Promise(() => {}) }';
const runs = (code: string): string => `export default { async onRequest(input, context) { ${code} } }`;
const codeOf = (payload: string): string => (JSON.parse(payload) as { code: string }).code;

/** Bytes that the daemon never sends. */
const breaches: readonly { readonly name: string; readonly bytes: () => Buffer }[] = [
  { name: 'a length of zero', bytes: () => Buffer.alloc(8) },
  { name: 'a length beyond the limit', bytes: () => Buffer.from([0xff, 0xff, 0xff, 0x7f, 1]) },
  { name: 'a kind that comes out of cages', bytes: () => frame(frameKind.answer, 1, Buffer.alloc(5)) },
  { name: 'a kind that is none', bytes: () => frame(33, 1) },
  { name: 'a slot beyond the limit', bytes: () => frame(frameKind.ping, frameLimits.slots + 1) },
  { name: 'a load that is no JSON', bytes: () => frame(frameKind.load, 1, Buffer.from('{')) },
  { name: 'a load without its fields', bytes: () => frame(frameKind.load, 1, Buffer.from('{"id":"x"}')) },
  { name: 'a load for the cage itself', bytes: () => frame(frameKind.load, 0, Buffer.from('{}')) },
  { name: 'a call without a head', bytes: () => frame(frameKind.call, 1, Buffer.alloc(3)) },
  { name: 'a result without its first byte', bytes: () => frame(frameKind.result, 1, Buffer.from('{}')) },
];

function frame(kind: number, slot: number, body: Buffer = Buffer.alloc(0)): Buffer {
  const head = Buffer.alloc(frameLimits.prefix + frameLimits.head);
  head.writeUInt32LE(frameLimits.head + body.length, 0);
  head.writeUInt8(kind, 4);
  head.writeUInt32LE(slot, 5);
  return Buffer.concat([head, body]);
}

describe('the process of a cage', () => {
  it('serves several guests, tells their system calls, and forgets those that are unloaded', async () => {
    await using cage = await openCage();
    const loaded = await cage.load(1, { code: echo });
    assert.equal(loaded.body.toString('utf8', 1), '{"handlers":["onRequest","onHealth"]}');
    await cage.load(2, { code: runs(`return context.cache.get('k')`), capabilities: ['cache'] });
    assert.equal((await cage.call(1, 'request', { a: [1, 'ü'] })).payload, '{"a":[1,"ü"]}');
    const asked = cage.next(({ kind }) => kind === frameKind.syscall);
    const answer = cage.call(2, 'request', null);
    const syscall = await asked;
    assert.match(syscall.body.toString(), /^\["cache","get",\["k"\],"[0-9a-f]{24}"\]$/);
    // A result of another slot's number would be a breach; an unknown one is late, and is dropped.
    cage.send(frameKind.result, 2, noId, '\u0001"late"');
    cage.send(frameKind.result, 2, syscall.id, '\u0001{"v":1}');
    assert.equal((await answer).payload, '{"v":1}');
    const waiting = cage.call(1, 'health', null);
    const ended = cage.next(({ kind, slot }) => kind === frameKind.ended && slot === 1);
    cage.send(frameKind.unload, 1, noId);
    assert.equal(codeOf((await waiting).payload), 'MF601');
    assert.equal((JSON.parse((await ended).body.toString()) as { reason: string }).reason, 'closed');
    assert.equal(cage.frames.at(-1)?.kind, frameKind.ended);
    assert.ok((await cage.ping(0)).cpuMs > 0);
    assert.ok((await cage.ping(2)).calls === 1);
    assert.equal(cage.output(), '');
  });

  it('tells why a guest does not load, without a path of the host', async () => {
    await using cage = await openCage();
    const { body } = await cage.load(1, { code: `import 'node:fs'` });
    assert.equal(body[0], 0);
    assert.match(body.toString(), /MF660.*it imports \\"node:fs\\"/);
    assert.doesNotMatch(body.toString(), /\/work|\.ts/);
  });

  it('holds little for who breaks out of an isolate', async () => {
    await using cage = await openCage('test/sandbox/isolate/disarmed.process.ts');
    assert.deepEqual(JSON.parse(cage.frames[0]?.body.toString() ?? ''), []);
  });

  it('ends when the daemon is gone', async () => {
    await using cage = await openCage();
    cage.line.destroy();
    assert.deepEqual(await cage.exit, { code: null, signal: 'SIGKILL' });
  });

  for (const { name, bytes } of breaches) {
    it(`ends itself at ${name}`, async () => {
      await using cage = await openCage();
      cage.line.write(bytes());
      assert.deepEqual(await cage.exit, { code: 65, signal: null });
      assert.equal(cage.output(), '');
    });
  }

  // The engine gives up on these: the isolate's own limits do not reach them.
  for (const [name, code] of [
    ['a map that grows without an end', 'const all = new Map(); for (let i = 0; ; i += 1) all.set(i, i);'],
    ['an object with ever more names', `const all = {}; for (let i = 0; ; i += 1) all['k' + i] = i;`],
  ] as const) {
    it(`${name} is told and ends the process, or is answered, or falls silent, which the outside notices`, async () => {
      await using cage = await openCage();
      await cage.load(1, { code: runs(code) });
      const answered = cage.call(1, 'request', null, { cpuMs: 3_000, ms: 6_000 });
      // Mostly the engine gives up first. It may also sleep for ever in a thread: that one is for the outside to kill.
      const outcome = await Promise.race([
        answered.then(({ payload }) => codeOf(payload)),
        cage.exit.then(({ signal }) => String(signal)),
        new Promise<string>((resolve) => setTimeout(resolve, 9_000, 'silence').unref()),
      ]);
      assert.ok(['MF601', 'MF661', 'MF602', 'SIGABRT', 'silence'].includes(outcome), outcome);
      const ended = cage.frames.find(({ kind }) => kind === frameKind.ended);
      if (outcome === 'MF601') {
        assert.equal((JSON.parse(ended?.body.toString() ?? '{}') as { reason?: string }).reason, 'memory');
      }
      // Having told it, the engine may still sleep for ever on its way out. What the heartbeat does after a second:
      const killer = setTimeout(() => cage.process.kill('SIGKILL'), outcome === 'MF601' ? 3_000 : 0);
      const { signal } = await cage.exit;
      clearTimeout(killer);
      assert.ok(['SIGABRT', 'SIGKILL'].includes(String(signal)), String(signal));
    });
  }

  for (const [name, code] of [
    ['a fill of a billion', 'return new Array(1e9).fill(0).length'],
    ['a number of a hundred million digits', 'return String(2n ** 2n ** 26n).length'],
  ] as const) {
    it(`${name} is answered at its deadline, its neighbours are served, and only its vitals tell`, async () => {
      await using cage = await openCage();
      await cage.load(1, { code: runs(code) });
      await cage.load(2, { code: echo });
      const { payload } = await cage.call(1, 'request', null, { cpuMs: 50, ms: 300 });
      assert.equal(codeOf(payload), 'MF602');
      assert.equal((await cage.call(2, 'request', 1)).payload, '1');
      assert.ok((await cage.ping(0)).cpuMs > 0);
      let answered = false;
      void cage.ping(1).then(() => {
        answered = true;
      });
      await cage.call(2, 'request', 1);
      assert.equal(answered, false);
    });
  }

  it('what a guest left to run after its turn was cut off holds up nobody', async () => {
    await using cage = await openCage();
    const left = `for (const next of [() => { for (;;); }, () => new Array(1e9).fill(0)]) Promise.resolve().then(next);`;
    await cage.load(1, { code: runs(left) });
    await cage.load(2, { code: echo });
    const ended = cage.next(({ kind }) => kind === frameKind.ended);
    const { payload } = await cage.call(1, 'request', null, { cpuMs: 50 });
    assert.equal(codeOf(payload), 'MF661');
    assert.equal((JSON.parse((await ended).body.toString()) as { reason: string }).reason, 'cpu');
    assert.equal((await cage.call(2, 'request', 1)).payload, '1');
  });

  it('the collector, which the host code needs, is out of a guest’s reach', async () => {
    await using cage = await openCage();
    await cage.load(1, { code: runs('return typeof gc + typeof globalThis.gc'), trust: 'signed' });
    assert.equal((await cage.call(1, 'request', null)).payload, '"undefinedundefined"');
  });

  it('says that a slot is empty when its isolate is gone, not before', async () => {
    await using cage = await openCage();
    await cage.load(1, { code: runs('return new Array(2 ** 32 - 1).fill(0).length'), memoryMegabytes: 512 });
    await cage.load(2, { code: echo });
    void cage.call(1, 'request', null, { cpuMs: 1000 });
    while ((await cage.ping(0)).calls === 0);
    cage.send(frameKind.unload, 1, noId);
    for (let round = 0; round < 20; round += 1) await cage.ping(0);
    assert.equal((await cage.call(2, 'request', 1)).payload, '1');
    // It may have run out of memory by itself meanwhile, but nobody says that it was closed while it runs.
    const early = cage.frames.filter(({ kind }) => kind === frameKind.ended);
    assert.ok(early.every(({ body }) => (JSON.parse(body.toString()) as GuestEnd).reason === 'memory'));
    const emptied = cage.next(({ kind, slot }) => kind === frameKind.ended && slot === 2);
    cage.send(frameKind.unload, 2, noId);
    await emptied;
  });

  for (const [name, code] of [
    ['strings that double', `let all = 'x'; for (;;) all += all + all.split('').length;`],
    ['a spread of a billion characters', `return [...'.'.repeat(5e8)].length`],
    [
      'copies of a large array',
      'const all = new Array(1e7).fill(1); const kept = []; for (;;) kept.push(all.slice());',
    ],
    ['a replacement in a large text', `return 'a'.repeat(2 ** 27).replace(/a/g, 'bb').length`],
    ['buffers without an end', 'const kept = []; for (;;) kept.push(new ArrayBuffer(1e6));'],
    ['promises without an end', 'const kept = []; for (;;) kept.push(new Promise(() => {}));'],
  ] as const) {
    it(`${name}: the guest fails, the process and its neighbour go on`, async () => {
      await using cage = await openCage();
      await cage.load(1, { code: runs(code) });
      await cage.load(2, { code: echo });
      const { ok } = await cage.call(1, 'request', null, { cpuMs: 3000 });
      assert.equal(ok, false);
      assert.equal((await cage.call(2, 'request', 1)).payload, '1');
      assert.equal(cage.process.exitCode, null);
    });
  }
});
