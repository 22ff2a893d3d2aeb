// A cage's inside without isolates: it does what each call says, also what no inside does. Runs behind the walls.
import { Buffer } from 'node:buffer';
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { answerBody } from '../../../../sandbox/protocol/answer-body.ts';
import { callBody } from '../../../../sandbox/protocol/call-body.ts';
import type { Frame } from '../../../../sandbox/protocol/frame.ts';
import { frameKind } from '../../../../sandbox/protocol/frame-kind.ts';
import { noId } from '../../../../sandbox/protocol/frame-limits.ts';
import { FrameReader } from '../../../../sandbox/protocol/frame-reader.ts';
import { FrameWriter } from '../../../../sandbox/protocol/frame-writer.ts';

interface Order {
  readonly do: string;
  readonly bytes?: string;
  readonly text?: string;
  readonly value?: unknown;
}

const line = new Socket({ fd: 3, readable: true, writable: true });
const writer = new FrameWriter((bytes) => line.write(bytes));
const reader = new FrameReader('cage');
const vitals = { busyMs: 0, heapBytes: 1, cpuMs: 0, calls: 0 };
const calls: { slot: number; id: string }[] = [];
const results = new Map<string, { slot: number; id: string }>();
const silent = new Set<number>();

function flagged(fine: boolean, value: unknown): Buffer {
  return Buffer.concat([Buffer.from([fine ? 1 : 0]), Buffer.from(JSON.stringify(value))]);
}

function answer(slot: number, id: string, value: unknown, ok = true): void {
  writer.send(
    frameKind.answer,
    slot,
    id,
    answerBody.encode({ ok, cpuMicros: 7, payload: JSON.stringify(value) }),
  );
}

function attempt(action: () => unknown): string {
  try {
    return `done: ${String(action()).slice(0, 200)}`;
  } catch (thrown) {
    const { code, message } = thrown as Error & { code?: string };
    return `refused: ${code ?? message}`;
  }
}

/** As if the isolate had been escaped: what the cage's own process reaches. */
function walls(): Record<string, unknown> {
  return {
    uid: process.getuid?.(),
    gid: process.getgid?.(),
    groups: process.getgroups?.(),
    env: Object.keys(process.env).sort(),
    passwd: attempt(() => readFileSync('/etc/passwd')),
    environ: attempt(() => readFileSync('/proc/1/environ')),
    root: attempt(() => readdirSync('/')),
    write: attempt(() => writeFileSync('/image/x', 'x')),
    spawn: attempt(() => spawnSync('/bin/sh')),
    addresses: Object.keys(networkInterfaces()),
    killParent: attempt(() => process.kill(process.ppid, 0)),
  };
}

const orders: Record<string, (slot: number, id: string, order: Order) => void> = {
  echo(slot, id, order) {
    answer(slot, id, order.value ?? null);
  },
  fail(slot, id, order) {
    answer(slot, id, order.value, false);
  },
  never() {},
  walls(slot, id) {
    answer(slot, id, walls());
  },
  connect(slot, id, order) {
    const socket = connect(Number(order.text), '127.0.0.1');
    socket.on('connect', () => answer(slot, id, 'connected'));
    socket.on('error', (error: Error & { code?: string }) => answer(slot, id, error.code));
  },
  spin() {
    for (;;);
  },
  quiet(slot) {
    silent.add(slot);
  },
  raw(_slot, _id, order) {
    line.write(Buffer.from(order.bytes ?? '', 'hex'));
  },
  frame(slot, id, order) {
    writer.send(Number(order.value) as 66, slot, order.bytes ?? id, order.text ?? '');
  },
  frame0(_slot, _id, order) {
    writer.send(Number(order.value) as 66, 0, order.bytes ?? noId, order.text ?? '');
  },
  steal(slot) {
    // The first call that is somebody else's gets an answer from this slot.
    for (const call of calls) if (call.slot !== slot) answer(slot, call.id, 'stolen');
  },
  random() {
    for (let turn = 0; turn < 64; turn++) line.write(randomBytes(4096));
  },
  flood(slot) {
    const body = Buffer.concat([Buffer.from([1]), Buffer.from('x'.repeat(20))]);
    for (let turn = 0; turn < 300_000; turn++) writer.send(frameKind.log, slot, noId, body);
  },
  log(slot, id, order) {
    writer.send(frameKind.log, slot, noId, Buffer.concat([Buffer.from([2]), Buffer.from(order.text ?? '')]));
    answer(slot, id, null);
  },
  print(slot, id, order) {
    process.stdout.write(order.text ?? '');
    answer(slot, id, null);
  },
  loris() {
    line.write(Buffer.from([255, 0, 0, 0, 66]));
    line.removeAllListeners('data');
  },
  exit() {
    process.exit(3);
  },
  abort() {
    process.abort();
  },
  grow() {
    const kept: Buffer[] = [];
    setInterval(() => kept.push(Buffer.alloc(16 * 1024 * 1024, 1)), 5);
  },
  ended(slot, _id, order) {
    writer.send(frameKind.ended, slot, noId, JSON.stringify({ reason: order.text, detail: 'by order' }));
    writer.flush();
  },
  syscall(slot, id, order) {
    const system = randomBytes(12).toString('hex');
    results.set(system, { slot, id });
    writer.send(frameKind.syscall, slot, system, JSON.stringify(['cache', 'get', [order.value], id]));
  },
  twin(slot, id) {
    const system = randomBytes(12).toString('hex');
    for (let turn = 0; turn < 2; turn++) {
      writer.send(frameKind.syscall, slot, system, JSON.stringify(['cache', 'get', [], id]));
    }
  },
  borrow(slot, id) {
    // On behalf of a call of another guest.
    const other = calls.find((call) => call.slot !== slot);
    const system = randomBytes(12).toString('hex');
    results.set(system, { slot, id });
    writer.send(frameKind.syscall, slot, system, JSON.stringify(['cache', 'get', [], other?.id ?? null]));
  },
};

function receive({ kind, slot, id, body }: Frame): void {
  switch (kind) {
    case frameKind.load: {
      const { code } = JSON.parse(body.toString()) as { code: string };
      if (code === 'refuse') {
        const error = { code: 'MF660', message: 'it does not load', retryable: false };
        writer.send(frameKind.loaded, slot, id, flagged(false, error));
      } else {
        writer.send(frameKind.loaded, slot, id, flagged(true, { handlers: ['onRequest'] }));
      }
      return;
    }
    case frameKind.call: {
      calls.push({ slot, id });
      const order = JSON.parse(callBody.decode(body).payload) as Order;
      orders[order.do]?.(slot, id, order);
      return;
    }
    case frameKind.cancel:
      return;
    case frameKind.result: {
      const call = results.get(id);
      if (call !== undefined) answer(call.slot, call.id, body.toString());
      return;
    }
    case frameKind.unload:
      if (!silent.has(slot))
        writer.send(frameKind.ended, slot, noId, JSON.stringify({ reason: 'closed', detail: '' }));
      return;
    case frameKind.ping:
      if (slot === 0 || !silent.has(slot)) writer.send(frameKind.pong, slot, id, JSON.stringify(vitals));
      return;
    default:
      return;
  }
}

line.on('data', (chunk) => {
  for (const frame of reader.read(chunk)) receive(frame);
});
line.on('end', () => process.exit(0));
line.on('error', () => process.exit(0));
writer.send(frameKind.ready, 0, noId, JSON.stringify({ pid: process.pid }));
