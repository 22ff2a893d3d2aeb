import assert from 'node:assert/strict';
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { answerBody } from '../../../sandbox/protocol/answer-body.ts';
import { callBody } from '../../../sandbox/protocol/call-body.ts';
import { type FrameKind, frameKind } from '../../../sandbox/protocol/frame-kind.ts';
import { frameLimits } from '../../../sandbox/protocol/frame-limits.ts';
import { FrameReader } from '../../../sandbox/protocol/frame-reader.ts';
import { FrameWriter } from '../../../sandbox/protocol/frame-writer.ts';
import { type GuestEntry, guestEntry } from '../../../sandbox/protocol/guest-entry.ts';

const plain = { noNullPrototype: true };
const kindsIn = Object.values(frameKind).filter((kind) => kind < 64);
const kindsOut = Object.values(frameKind).filter((kind) => kind >= 64);
const idText = fc
  .uint8Array({ minLength: 12, maxLength: 12 })
  .map((bytes) => Buffer.from(bytes).toString('hex'));

function frame(kind: number, slot: number, id: string, body: Buffer): Buffer {
  const head = Buffer.alloc(frameLimits.prefix + frameLimits.head);
  head.writeUInt32LE(frameLimits.head + body.length, 0);
  head.writeUInt8(kind, 4);
  head.writeUInt32LE(slot, 5);
  head.write(id, 9, 12, 'hex');
  return Buffer.concat([head, body]);
}

/** Throws what is neither a RangeError nor nothing. */
function onlyRangeError(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (thrown) {
    if (thrown instanceof RangeError) return true;
    throw thrown;
  }
}

describe('frames between daemon and cage', () => {
  it('come out as they were sent, however the stream is cut', () => {
    const sent = fc.array(
      fc.record(
        {
          kind: fc.constantFrom(...kindsOut),
          slot: fc.nat(frameLimits.slots),
          id: idText,
          body: fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
        },
        plain,
      ),
      { minLength: 1, maxLength: 12 },
    );
    fc.assert(
      fc.property(sent, fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1 }), (frames, cuts) => {
        const written: Buffer[] = [];
        const writer = new FrameWriter((bytes) => written.push(bytes));
        for (const { kind, slot, id, body } of frames) writer.send(kind, slot, id, body);
        writer.flush();
        const stream = Buffer.concat(written);
        const reader = new FrameReader('daemon');
        const read: unknown[] = [];
        for (let at = 0, turn = 0; at < stream.length; turn++) {
          const next = at + (cuts[turn % cuts.length] as number);
          for (const got of reader.read(stream.subarray(at, next))) {
            read.push({ ...got, body: Buffer.from(got.body) });
          }
          at = next;
        }
        assert.deepEqual(read, frames);
      }),
      { numRuns: 200 },
    );
  });

  it('are frames or a RangeError, whatever bytes arrive, on both sides', () => {
    const chunks = fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 20 });
    fc.assert(
      fc.property(fc.constantFrom('daemon' as const, 'cage' as const), chunks, (side, bytes) => {
        const reader = new FrameReader(side);
        onlyRangeError(() => {
          for (const chunk of bytes) reader.read(Buffer.from(chunk));
        });
      }),
      { numRuns: 500 },
    );
  });

  it('with one bit turned are a frame of the right side or a RangeError', () => {
    const flips = fc.nat(8 * 40 - 1);
    fc.assert(
      fc.property(fc.constantFrom(...kindsIn, ...kindsOut), idText, flips, (kind, id, flip) => {
        const bytes = frame(kind, 7, id, Buffer.alloc(19, 65));
        const at = flip >> 3;
        bytes[at] = (bytes[at] as number) ^ (1 << (flip & 7));
        for (const side of ['daemon', 'cage'] as const) {
          onlyRangeError(() => {
            for (const got of new FrameReader(side).read(bytes)) {
              assert.equal(got.kind >= 64, side === 'daemon');
              assert.ok(got.slot <= frameLimits.slots);
            }
          });
        }
      }),
      { numRuns: 500 },
    );
  });

  const refused: [string, 'daemon' | 'cage', Buffer][] = [
    ['a length below the head', 'daemon', Buffer.from([16, 0, 0, 0, 0])],
    ['a length above the bound', 'daemon', Buffer.from([1, 0, 128, 0])],
    ['the greatest length', 'cage', Buffer.from([255, 255, 255, 255])],
    ['a kind that does not exist', 'daemon', frame(99, 1, '00'.repeat(12), Buffer.alloc(0))],
    [
      'a kind for the other side, into the daemon',
      'daemon',
      frame(frameKind.call, 1, '00'.repeat(12), Buffer.alloc(0)),
    ],
    [
      'a kind for the other side, into the cage',
      'cage',
      frame(frameKind.answer, 1, '00'.repeat(12), Buffer.alloc(0)),
    ],
    ['a slot above the bound', 'daemon', frame(frameKind.log, 4097, '00'.repeat(12), Buffer.alloc(0))],
  ];
  for (const [what, side, bytes] of refused) {
    it(`refuse ${what}`, () => {
      assert.throws(() => new FrameReader(side).read(bytes), RangeError);
    });
  }

  it('refuse a length before its bytes have come, and keep no more than one frame', () => {
    const reader = new FrameReader('daemon');
    const longest = Buffer.alloc(4);
    longest.writeUInt32LE(frameLimits.frame, 0);
    assert.deepEqual(reader.read(longest), []);
    const before = process.memoryUsage().arrayBuffers;
    const header = Buffer.alloc(frameLimits.head);
    header.writeUInt8(frameKind.log, 0);
    assert.deepEqual(reader.read(header), []);
    // An announced length costs nothing until its bytes are here.
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024);
  });

  it('longer than the bound are not sent', () => {
    const writer = new FrameWriter(() => undefined);
    assert.throws(
      () => writer.send(frameKind.log, 1, '00'.repeat(12), Buffer.alloc(frameLimits.frame)),
      RangeError,
    );
  });

  it('of one turn go out in one write', async () => {
    const writes: Buffer[] = [];
    const writer = new FrameWriter((bytes) => writes.push(bytes));
    for (let turn = 0; turn < 5; turn++) writer.send(frameKind.ping, turn, '11'.repeat(12));
    await Promise.resolve();
    assert.equal(writes.length, 1);
    assert.equal(new FrameReader('cage').read(writes[0] as Buffer).length, 5);
  });
  it('that are long go out one by one, those of other slots do not wait, and none overtakes its own', async () => {
    const writes: string[] = [];
    const reader = new FrameReader('daemon');
    let done: () => void = () => {};
    const take = (bytes: Buffer): void => {
      for (const { slot, body } of reader.read(bytes)) writes.push(`${slot} ${body.length}`);
    };
    const writer = new FrameWriter(take, undefined, (bytes, told) => {
      take(bytes);
      done = told;
    });
    const send = (slot: number, length: number): void =>
      writer.send(frameKind.log, slot, '11'.repeat(12), Buffer.alloc(length));
    send(1, 1);
    send(1, 100_000);
    send(1, 100_001);
    send(2, 100_002);
    send(1, 2);
    send(3, 3);
    await Promise.resolve();
    assert.deepEqual(writes.splice(0), ['1 1', '1 100000', '3 3']);
    done();
    assert.deepEqual(writes.splice(0), ['1 100001']);
    done();
    assert.deepEqual(writes.splice(0), ['2 100002']);
    send(2, 4);
    done();
    await Promise.resolve();
    assert.deepEqual(writes.splice(0), ['1 2', '2 4']);
    send(1, 5);
    await Promise.resolve();
    assert.deepEqual(writes, ['1 5']);
  });
});

describe('bodies of frames', () => {
  it('of calls come out as they went in', () => {
    const calls = fc.record(
      {
        entry: fc.constantFrom(...(Object.keys(guestEntry) as GuestEntry[])),
        cpuMs: fc.nat(0xffff_ffff),
        deadline: fc.double({ noNaN: true, noDefaultInfinity: true }),
        payload: fc.string({ unit: 'grapheme' }),
      },
      plain,
    );
    fc.assert(fc.property(calls, (call) => assert.deepEqual(callBody.decode(callBody.encode(call)), call)));
  });

  it('of answers come out as they went in', () => {
    const answers = fc.record(
      {
        ok: fc.boolean(),
        cpuMicros: fc.nat(0xffff_ffff),
        payload: fc.string({ unit: 'grapheme' }),
      },
      plain,
    );
    fc.assert(
      fc.property(answers, (answer) =>
        assert.deepEqual(answerBody.decode(answerBody.encode(answer)), answer),
      ),
    );
  });

  it('that are anything else are a RangeError', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        onlyRangeError(() => callBody.decode(Buffer.from(bytes)));
        onlyRangeError(() => answerBody.decode(Buffer.from(bytes)));
      }),
      { numRuns: 500 },
    );
  });

  it('of calls have a deadline that is a number', () => {
    const body = callBody.encode({ entry: 'request', cpuMs: 1, deadline: 1, payload: '' });
    for (const wrong of [Number.NaN, Number.POSITIVE_INFINITY]) {
      body.writeDoubleLE(wrong, 5);
      assert.throws(() => callBody.decode(body), RangeError);
    }
  });
});

describe('numbers on the wire', () => {
  const numbers: [FrameKind, number][] = [
    [frameKind.load, 1],
    [frameKind.answer, 66],
    [frameKind.ended, 70],
  ];
  for (const [kind, number] of numbers) {
    it(`never change: ${number}`, () => assert.equal(kind, number));
  }
});
