import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type AnswerBody, answerBody } from '../../../sandbox/protocol/answer-body.ts';
import { callBody } from '../../../sandbox/protocol/call-body.ts';
import type { Frame } from '../../../sandbox/protocol/frame.ts';
import { frameKind } from '../../../sandbox/protocol/frame-kind.ts';

import { FrameReader } from '../../../sandbox/protocol/frame-reader.ts';
import { FrameWriter } from '../../../sandbox/protocol/frame-writer.ts';
import type { GuestEntry } from '../../../sandbox/protocol/guest-entry.ts';
import type { GuestVitals, LoadRequest } from '../../../sandbox/protocol/load-request.ts';

export interface OpenCage extends AsyncDisposable {
  readonly process: ChildProcess;
  readonly line: Socket;
  readonly frames: Frame[];
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  readonly output: () => string;
  /** Next frame that fits. */
  next(fits: (frame: Frame) => boolean): Promise<Frame>;
  load(slot: number, request: Partial<LoadRequest> & { code: string }): Promise<Frame>;
  call(
    slot: number,
    entry: GuestEntry,
    payload: unknown,
    bounds?: { cpuMs?: number; ms?: number },
  ): Promise<AnswerBody>;
  ping(slot: number): Promise<GuestVitals>;
  send: FrameWriter['send'];
}

const root = fileURLToPath(new URL('../../../', import.meta.url));
let ids = 0;
const nextId = (): string => {
  ids += 1;
  return ids.toString(16).padStart(24, '0');
};

/**
 * Starts the process of a cage with its flags, and nothing else around it.
 * @param entry another module in its place, relative to the project
 */
export async function openCage(entry = 'sandbox/isolate/cage.process.ts'): Promise<OpenCage> {
  const flags = [
    '--permission',
    '--allow-addons',
    `--allow-fs-read=${root}*`,
    '--disable-sigusr1',
    '--no-node-snapshot',
    '--expose-gc',
  ];
  const child = spawn(process.execPath, [...flags, '--no-warnings', `${root}${entry}`], {
    env: { LIBC: 'glibc' },
    cwd: '/',
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  });
  const line = child.stdio[3] as Socket;
  const frames: Frame[] = [];
  const waiting: { fits: (frame: Frame) => boolean; resolve: (frame: Frame) => void }[] = [];
  const reader = new FrameReader('daemon');
  const writer = new FrameWriter((bytes) => line.write(bytes));
  let output = '';
  child.stdout?.on('data', (text) => {
    output += text;
  });
  child.stderr?.on('data', (text) => {
    output += text;
  });
  const exit = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
  });
  line.on('error', () => {});
  line.on('data', (chunk) => {
    for (const frame of reader.read(chunk)) {
      const kept = { ...frame, body: Buffer.from(frame.body) };
      frames.push(kept);
      const at = waiting.findIndex(({ fits }) => fits(kept));
      if (at !== -1) waiting.splice(at, 1)[0]?.resolve(kept);
    }
  });
  const next = (fits: (frame: Frame) => boolean): Promise<Frame> => {
    return new Promise((resolve) => waiting.push({ fits, resolve }));
  };
  await next(({ kind }) => kind === frameKind.ready);
  return {
    process: child,
    line,
    frames,
    exit,
    output: () => output,
    next,
    send: (...frame) => writer.send(...frame),
    load: (slot, request) => {
      const id = nextId();
      const loaded = next((frame) => frame.kind === frameKind.loaded && frame.id === id);
      const whole: LoadRequest = {
        id: 'acme/guest',
        version: '1.0.0',
        trust: 'unsigned',
        memoryMegabytes: 32,
        cpuMs: 1000,
        config: {},
        capabilities: [],
        features: [],
        logLinesPerSecond: 10,
        concurrentSyscalls: 8,
        ...request,
      };
      writer.send(frameKind.load, slot, id, JSON.stringify(whole));
      return loaded;
    },
    call: async (slot, entry, payload, { cpuMs = 1000, ms = 10_000 } = {}) => {
      const id = nextId();
      const answered = next((frame) => frame.kind === frameKind.answer && frame.id === id);
      const body = {
        entry: entry as GuestEntry,
        cpuMs,
        deadline: Date.now() + ms,
        payload: JSON.stringify(payload),
      };
      writer.send(frameKind.call, slot, id, callBody.encode(body));
      return answerBody.decode((await answered).body);
    },
    ping: async (slot) => {
      const id = nextId();
      const pong = next((frame) => frame.kind === frameKind.pong && frame.id === id);
      writer.send(frameKind.ping, slot, id);
      return JSON.parse((await pong).body.toString()) as GuestVitals;
    },
    [Symbol.asyncDispose]: async () => {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exit;
      line.destroy();
    },
  };
}
