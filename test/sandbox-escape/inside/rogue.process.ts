// A cage whose isolates have been escaped: hostile code runs as the process itself, behind all walls, with the line to
// the daemon in its hands. Nothing is disarmed here, so that only the outer walls count.

import { createHook } from 'node:async_hooks';
import { Buffer } from 'node:buffer';
import { pbkdf2, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { Socket } from 'node:net';
import { answerBody } from '../../../sandbox/protocol/answer-body.ts';
import { callBody } from '../../../sandbox/protocol/call-body.ts';
import type { Frame } from '../../../sandbox/protocol/frame.ts';
import { frameKind } from '../../../sandbox/protocol/frame-kind.ts';
import { noId } from '../../../sandbox/protocol/frame-limits.ts';
import { FrameReader } from '../../../sandbox/protocol/frame-reader.ts';
import { FrameWriter } from '../../../sandbox/protocol/frame-writer.ts';
import { attempts, type Facts, looks } from './attempts.ts';

type MemoryClass = new (bounds: { initial: number; maximum: number }) => { readonly buffer: ArrayBuffer };

interface Order {
  readonly do: string;
  readonly facts: Facts;
  /** The answer is to be one of a route. */
  readonly routed?: boolean;
  /** Further facts of one order. */
  readonly more?: Readonly<Record<string, unknown>>;
}

process.on('uncaughtException', () => undefined);
process.on('unhandledRejection', () => undefined);
for (const name of ['SIGTERM', 'SIGHUP', 'SIGINT', 'SIGUSR2'] as const) process.on(name, () => undefined);

const line = new Socket({ fd: 3, readable: true, writable: true });
const writer = new FrameWriter((bytes) => line.write(bytes));
const reader = new FrameReader('cage');
const calls: { slot: number; id: string }[] = [];
/** Those that were not answered, by id. */
const open = new Map<string, number>();
const waiting = new Map<string, (text: string) => void>();
let deaf = false;

const routed = new Set<string>();

function answer(slot: number, id: string, value: unknown): void {
  sendAnswer(slot, id, JSON.stringify(routed.has(id) ? { body: value } : value) ?? 'null');
}

function sendAnswer(slot: number, id: string, payload: string, ok = true, cpuMicros = 5): void {
  open.delete(id);
  writer.send(frameKind.answer, slot, id, answerBody.encode({ ok, cpuMicros, payload }));
}

/** What the daemon answers to a system call in the name of a slot and of a call. */
function ask(
  slot: number,
  capability: string,
  method: string,
  args: string,
  callId: string | null,
): Promise<string> {
  const id = randomBytes(12).toString('hex');
  const [head] = JSON.stringify([capability, method]).split(/\]$/);
  writer.send(frameKind.syscall, slot, id, `${head},${args},${JSON.stringify(callId)}]`);
  return new Promise((resolve) => waiting.set(id, resolve));
}

async function attempt(name: string, facts: Facts): Promise<unknown> {
  const run = attempts[name] ?? looks[name];
  if (run === undefined) return 'no such attempt';
  try {
    const value = await run(facts);
    return name in looks ? value : { through: String(value).slice(0, 200) };
  } catch (thrown) {
    const { code, message } = thrown as Error & { code?: string };
    return `held: ${code ?? message}`;
  }
}

const own: Readonly<Record<string, (slot: number, id: string, order: Order) => unknown>> = {
  echo: (slot, id, { more }) => answer(slot, id, more ?? null),
  never: () => {},
  calls: (slot, id) => answer(slot, id, calls),
  /** A system call in the name of any slot and call. */
  async ask(slot, id, { more = {} }) {
    const {
      as = slot,
      capability = 'cache',
      method = 'get',
      args = '["k"]',
      call = id,
    } = more as Record<string, never>;
    answer(slot, id, await ask(as, capability, method, args, call));
  },
  frame(_slot, id, { more = {} }) {
    const { kind, slot, body = '' } = more as { kind: number; slot: number; body?: string };
    writer.send(kind as 66, slot, (more['id'] as string | undefined) ?? id, Buffer.from(body, 'latin1'));
  },
  raw: (_slot, _id, { more = {} }) => line.write(Buffer.from(String(more['bytes']), 'hex')),
  /** Answers every call of everybody with the same text. */
  answerAll(_slot, _id, { more = {} }) {
    const text = String(more['text']).replace('REPEAT', () => 'x'.repeat(5 * 2 ** 20));
    for (const [id, slot] of open) sendAnswer(slot, id, text, more['ok'] !== false, Number(more['cpu'] ?? 0));
  },
  answerTwice(slot, id) {
    answer(slot, id, 1);
    answer(slot, id, 2);
  },
  deepArguments: async (slot, id) => {
    const depth = 1_000_000;
    answer(slot, id, await ask(slot, 'cache', 'set', `["k",${'['.repeat(depth)}${']'.repeat(depth)}]`, id));
  },
  longArguments: async (slot, id) => {
    answer(slot, id, await ask(slot, 'cache', 'set', `["k","${'x'.repeat(7 * 2 ** 20)}"]`, id));
  },
  /** Goes on asking after it was told to go. */
  later(slot, id) {
    setInterval(() => void ask(slot, 'cache', 'get', '["k"]', null), 5);
    answer(slot, id, 'started');
  },
  syscallStorm(slot, id) {
    for (let turn = 0; turn < 20_000; turn++) void ask(slot, 'cache', 'get', '["k"]', id);
    answer(slot, id, 'stormed');
  },
  spin() {
    for (;;);
  },
  wait() {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
  stop() {
    process.kill(process.pid, 'SIGSTOP');
    for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1e6);
  },
  blockOnRead() {
    const bytes = Buffer.alloc(1);
    for (;;) {
      try {
        fs.readSync(1, bytes, 0, 1, null);
      } catch {
        // Again.
      }
    }
  },
  deaf() {
    deaf = true;
  },
  loris() {
    line.write(Buffer.from([255, 255, 0, 0, 66]));
    deaf = true;
  },
  heap() {
    const kept: object[] = [];
    for (;;) kept.push({ kept: new Array(1000).fill(kept.length) });
  },
  buffers() {
    const kept: Buffer[] = [];
    for (;;) kept.push(Buffer.alloc(64 * 2 ** 20, 1));
  },
  slowMemory() {
    const kept: Buffer[] = [];
    setInterval(() => kept.push(Buffer.alloc(64 * 2 ** 20, 1)), 5);
  },
  wasm() {
    const { Memory } = (globalThis as unknown as { WebAssembly: { Memory: MemoryClass } }).WebAssembly;
    const kept: object[] = [];
    for (;;) {
      const memory = new Memory({ initial: 4096, maximum: 65_536 });
      new Uint8Array(memory.buffer).fill(1);
      kept.push(memory);
    }
  },
  descriptorFlood(slot, id) {
    let opened = 0;
    let code = '';
    try {
      for (;;) {
        fs.openSync(import.meta.filename, 'r');
        opened += 1;
      }
    } catch (thrown) {
      code = String((thrown as { code?: string }).code);
    }
    answer(slot, id, { few: opened < 300, code });
  },
  threadWork(slot, id) {
    for (let turn = 0; turn < 64; turn++) pbkdf2('x', 'y', 3_000_000, 64, 'sha512', () => {});
    answer(slot, id, 'queued');
  },
  timers(slot, id) {
    for (let turn = 0; turn < 100_000; turn++) setTimeout(() => {}, 1e9);
    answer(slot, id, 'set');
  },
  asyncHooks(slot, id) {
    createHook({ init() {} }).enable();
    answer(slot, id, 'hooked');
  },
  printFlood(slot, id) {
    for (let turn = 0; turn < 200; turn++) process.stdout.write('x'.repeat(64 * 1024));
    answer(slot, id, 'printed');
  },
  logFlood(slot, id) {
    const body = Buffer.from('\u0001\u001b[2J\u202eforged\nline {"level":60}');
    for (let turn = 0; turn < 5000; turn++) writer.send(frameKind.log, slot, noId, body);
    answer(slot, id, 'logged');
  },
  dump() {
    process.abort();
  },
  leave() {
    process.exit(0);
  },
  closeLine() {
    line.destroy();
    for (;;);
  },
};

function receive({ kind, slot, id, body }: Frame): void {
  switch (kind) {
    case frameKind.load:
      writer.send(frameKind.loaded, slot, id, Buffer.from('\u0001{"handlers":["onRequest"]}'));
      return;
    case frameKind.call: {
      calls.push({ slot, id });
      open.set(id, slot);
      const order = JSON.parse(callBody.decode(body).payload) as Order;
      if (order.routed === true) routed.add(id);
      const action = own[order.do];
      if (action !== undefined) void action(slot, id, order);
      else void attempt(order.do, order.facts).then((found) => answer(slot, id, found));
      return;
    }
    case frameKind.result:
      waiting.get(id)?.(`${body[0]}${body.toString('utf8', 1)}`);
      waiting.delete(id);
      return;
    case frameKind.cancel:
      open.delete(id);
      return;
    case frameKind.unload:
      for (const [call, its] of open) if (its === slot) open.delete(call);
      writer.send(frameKind.ended, slot, noId, '{"reason":"closed","detail":""}');
      return;
    case frameKind.ping:
      writer.send(frameKind.pong, slot, id, '{"busyMs":0,"heapBytes":1,"cpuMs":0,"calls":0}');
      return;
    default:
  }
}

line.on('data', (chunk) => {
  if (deaf) line.pause();
  else for (const frame of reader.read(chunk)) receive(frame);
});
line.on('end', () => process.exit(0));
line.on('error', () => process.exit(0));
writer.send(frameKind.ready, 0, noId, '{}');
