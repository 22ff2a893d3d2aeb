import type { Buffer } from 'node:buffer';
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { devNull } from 'node:os';
import type { Readable } from 'node:stream';
import type { Frame } from '../protocol/frame.ts';
import { type FrameKind, frameKind } from '../protocol/frame-kind.ts';
import { FrameReader } from '../protocol/frame-reader.ts';
import { FrameWriter } from '../protocol/frame-writer.ts';
import type { ConfinedCommand } from './confine/confined-command.ts';
import { inheritedDescriptors } from './confine/inherited-descriptors.ts';
import { innermostPid } from './confine/innermost-pid.ts';

/** Of the frames, in the cage. */
const lineDescriptor = 3;
/** Kept of what a cage prints. Nothing inside prints on purpose. */
const outputKept = 4096;
/** Printed by the engine before it gives up an isolate. */
const lastWords = '<--- Last few GCs --->';
/** After that the pipe is not read any more: what it prints then stays with it, and counts as its memory. */
const outputRead = 1024 * 1024;
/** Bytes that wait for the process to read them; with more, calls are refused. */
const blockedAt = 16 * 1024 * 1024;
/** Milliseconds that what a dead process has written gets to be read. */
const lastFramesMs = 100;

/** With more it is taken for one that never reads. */
const stuckAt = 64 * 1024 * 1024;

export interface CageProcessEvents {
  /** Throws RangeError for a frame that no cage sends. */
  frame(frame: Frame): void;
  /** What came out is no frame, or none for this moment. Nothing is read after it. */
  breach(detail: string): void;
  /** The engine has said that it is out of memory. It may hang from then on. */
  exhausted(): void;
  /** The process is gone. Told once. */
  exit(how: string): void;
}

/** The process of a cage and the stream of frames with it. */
export class CageProcess {
  readonly #child: ChildProcess;
  readonly #line: Socket;
  readonly #writer: FrameWriter;
  readonly #events: CageProcessEvents;
  readonly gone: Promise<void>;
  #inner: number | undefined;
  #heard = false;
  /** Calls without an answer, about: those of a guest that has ended are never answered. */
  #underWay = 0;
  #deaf = false;
  #output = '';

  constructor(command: ConfinedCommand, events: CageProcessEvents) {
    this.#events = events;
    const { file, args, env, identity } = command;
    const empty = openSync(devNull, 'r');
    this.#child = spawn(file, args, {
      env,
      cwd: '/',
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...covers(empty)],
      // A process group of its own: `kill(0)` from inside must not reach the daemon's.
      detached: true,
      windowsHide: true,
      ...identity,
    });
    closeSync(empty);
    this.#line = this.#child.stdio[3] as Socket;
    this.#writer = new FrameWriter(
      (bytes) => {
        if (!this.#line.destroyed) this.#line.write(bytes);
      },
      () => this.#underWay > 1,
    );
    const { promise, resolve } = Promise.withResolvers<void>();
    this.gone = promise;
    let told = false;
    const end = (how: string): void => {
      if (told) return;
      told = true;
      this.#deaf = true;
      this.#line.destroy();
      this.#child.stdout?.destroy();
      this.#child.stderr?.destroy();
      resolve();
      events.exit(how);
    };
    this.#child.once('exit', (code, signal) => {
      const how = signal ?? `exit code ${code}`;
      if (this.#deaf || this.#line.destroyed) {
        end(how);
        return;
      }
      // Its last frames may still be on their way, and say whose fault it was.
      const patience = setTimeout(() => end(how), lastFramesMs);
      this.#line.once('close', () => {
        clearTimeout(patience);
        end(how);
      });
    });
    this.#child.once('error', (error) => end(error.message));
    for (const stream of [this.#child.stdout, this.#child.stderr]) if (stream) this.#keep(stream);
    const reader = new FrameReader('daemon');
    this.#line.on('data', (chunk) => this.#read(reader, chunk));
    // A broken pipe: the exit follows, or the heartbeat finds it.
    this.#line.on('error', () => undefined);
  }

  /** Of the process that is confined, not of those that confine it. */
  get pid(): number {
    if (this.#inner !== undefined) return this.#inner;
    const pid = this.#child.pid ?? 0;
    // Before its first frame it may not be there yet.
    if (!this.#heard) return pid;
    this.#inner = innermostPid(pid);
    return this.#inner;
  }

  get blocked(): boolean {
    return this.#line.writableLength > blockedAt;
  }

  get stuck(): boolean {
    return this.#line.writableLength > stuckAt;
  }

  /** What it printed last, for operators: hostile text. */
  get output(): string {
    return this.#output;
  }

  /** @throws RangeError when the body is longer than a frame */
  send(kind: FrameKind, slot: number, id: string, body?: Buffer | string): void {
    if (this.#deaf) return;
    if (kind === frameKind.call) this.#underWay += 1;
    this.#writer.send(kind, slot, id, body);
  }

  /** SIGKILL for all of it. Nothing is read from it after this. */
  kill(): void {
    this.#deaf = true;
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    // Nobody reaps the inner one but the outer one, so while that runs the number is not somebody else's.
    const inner = innermostPid(pid);
    if (inner !== pid) tryKill(inner);
    // Before the confinement is done the inner one does not exist yet, and must not come to be.
    else this.#child.kill('SIGKILL');
    this.#line.destroy();
  }

  #read(reader: FrameReader, chunk: Buffer): void {
    if (this.#deaf) return;
    try {
      for (const frame of reader.read(chunk)) {
        this.#heard = true;
        if (frame.kind === frameKind.answer) this.#underWay -= 1;
        this.#events.frame(frame);
        if (this.#deaf) return;
      }
    } catch (thrown) {
      this.#deaf = true;
      if (!(thrown instanceof RangeError)) throw thrown;
      this.#events.breach(thrown.message);
    }
  }

  #keep(stream: Readable): void {
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      const had = this.#output.includes(lastWords);
      this.#output = (this.#output + chunk.toString('latin1')).slice(-outputKept);
      if (!had && this.#output.includes(lastWords)) this.#events.exhausted();
      if (bytes > outputRead) stream.pause();
    });
    stream.on('error', () => undefined);
  }
}

/** What the daemon itself was handed must not reach a cage: in its place there is something empty. */
function covers(empty: number): readonly (number | 'ignore')[] {
  const inherited = new Set(inheritedDescriptors());
  const last = Math.max(lineDescriptor, ...inherited);
  return Array.from({ length: last - lineDescriptor }, (_, index) =>
    inherited.has(lineDescriptor + 1 + index) ? empty : 'ignore',
  );
}

function tryKill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has just ended.
  }
}
