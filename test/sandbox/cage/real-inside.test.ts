import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { cageImage, insideCode } from '../../../sandbox/cage/cage-image.ts';
import { confinedCommand } from '../../../sandbox/cage/confine/confined-command.ts';
import type { Wall } from '../../../sandbox/cage/confine/wall.ts';
import { frameKind } from '../../../sandbox/protocol/frame-kind.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';
import { type FakeFleet, type FakeGuest, fakeFleet } from './fake-fleet.ts';

const guest = `export default { onRequest: async (input, context) => {
  if (input.do === 'spin') for (;;);
  if (input.do === 'grow') { const map = new Map(); for (let i = 0; ; i++) map.set(i, { i }); }
  if (input.do === 'name') { const names = {}; for (let i = 0; ; i++) names['k' + i] = i; }
  if (input.do === 'never') await new Promise(() => {});
  if (input.do === 'ask') return await context.cache.get(input.key);
  return input;
} }`;

describe('isolates in a cage', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  let fakes: FakeFleet;
  let bad: FakeGuest;
  let good: FakeGuest;

  beforeEach(async () => {
    fakes = fakeFleet(folder(), { code: insideCode });
    const request = { code: guest, capabilities: ['cache'], cpuMs: 2000 };
    bad = await fakes.open('bad', request, async ({ args }) => ({ found: args }));
    good = await fakes.open('good', request);
  });
  afterEach(() => fakes.fleet.stop());

  it('answer, and ask the host', async () => {
    assert.deepEqual(bad.tenant.guest.handlers, ['onRequest']);
    assert.deepEqual(await bad.tell({ do: 'echo' }, { cpuMs: 1000 }), { do: 'echo' });
    assert.deepEqual(await bad.tell({ do: 'ask', key: 'k' }, { cpuMs: 1000 }), { found: ['k'] });
  });

  it('end for their processor time or their deadline without hurting their neighbour', async () => {
    await assert.rejects(bad.tell({ do: 'never' }, { ms: 200 }), { code: 'MF602' });
    await assert.rejects(bad.tell({ do: 'spin' }, { cpuMs: 50 }), { code: 'MF661' });
    assert.deepEqual(await good.tell({ do: 'echo' }, { cpuMs: 1000 }), { do: 'echo' });
    assert.deepEqual(fakes.ends, []);
  });

  it('that the engine loses take their cage along, and only they are blamed', async () => {
    await assert.rejects(bad.tell({ do: 'grow' }, { cpuMs: 10_000 }), { code: 'MF601' });
    assert.equal((await bad.ended).reason, 'memory');
    assert.equal((await good.ended).cage, 'killed');
    assert.deepEqual(fakes.ends[0]?.suspects, ['bad']);
    const again = await fakes.open('good', { code: guest, cpuMs: 2000 });
    assert.deepEqual(await again.tell({ do: 'echo' }, { cpuMs: 1000 }), { do: 'echo' });
  });

  it('that run out of memory on the main thread are ended for that, not for their silence', async () => {
    const small = await fakes.open('small', { code: guest, memoryMegabytes: 8 });
    for (let round = 0; round < 40; round++) await small.tell({ do: 'echo' }, { cpuMs: 100 });
    await assert.rejects(small.tell({ do: 'name' }, { cpuMs: 200 }));
    // A machine under load may come to the end of its time first.
    assert.ok(['memory', 'cpu'].includes((await small.ended).reason));
    assert.ok(fakes.ends.every(({ reason }) => reason !== 'silent'));
  });
});

describe('the inside of a cage', function () {
  this.timeout(60_000);
  const folder = temporaryFolder();
  const id = '00'.repeat(12);

  function frame(kind: number, slot: number, body: string): Buffer {
    const bytes = Buffer.alloc(21 + Buffer.byteLength(body));
    bytes.writeUInt32LE(bytes.length - 4, 0);
    bytes.writeUInt8(kind, 4);
    bytes.writeUInt32LE(slot, 5);
    bytes.write(id, 9, 12, 'hex');
    bytes.write(body, 21);
    return bytes;
  }

  const rows: [string, Buffer][] = [
    ['a length of zero', Buffer.alloc(4)],
    ['the greatest length', Buffer.alloc(4, 255)],
    ['a kind that comes out of cages', frame(frameKind.answer, 1, '')],
    ['a slot above the bound', frame(frameKind.ping, 5000, '')],
    ['a load that is no JSON', frame(frameKind.load, 1, '{')],
    ['a load of another shape', frame(frameKind.load, 1, '{"code":1}')],
    ['a call without a head', frame(frameKind.call, 1, 'x')],
    ['a result that has no first byte', frame(frameKind.result, 1, '')],
    ['random bytes', randomBytes(4096)],
  ];

  it('ends when the daemon sends what it never sends', async () => {
    const image = cageImage(folder());
    const walls = new Set<Wall>(['permission']);
    const { file, args, env } = confinedCommand({ image, tools: {}, walls, uid: undefined, dataBytes: 0 });
    const codes = rows.map(async ([what, bytes]) => {
      const child = spawn(file, args, { env, stdio: ['ignore', 'ignore', 'ignore', 'pipe'] });
      const exit = once(child, 'exit');
      const line = child.stdio[3] as Socket;
      line.on('error', () => undefined);
      // Its first frame: it listens now.
      await once(line, 'data');
      line.write(bytes);
      const [code] = await exit;
      line.destroy();
      return [what, code];
    });
    assert.deepEqual(
      await Promise.all(codes),
      rows.map(([what]) => [what, 65]),
    );
  });
});
