import { Buffer } from 'node:buffer';
import { randomBytes } from 'node:crypto';
import { getHeapStatistics } from 'node:v8';
import { answerBody } from '../protocol/answer-body.ts';
import { callBody } from '../protocol/call-body.ts';
import type { Frame } from '../protocol/frame.ts';
import { frameKind } from '../protocol/frame-kind.ts';
import { noId } from '../protocol/frame-limits.ts';
import type { FrameWriter } from '../protocol/frame-writer.ts';
import type { GuestEnd, GuestVitals } from '../protocol/load-request.ts';
import { createGuestIsolate } from './create-guest-isolate.ts';
import { envelope } from './envelope.ts';
import type { GuestAnswer, GuestIsolate } from './guest-isolate.ts';
import { IdleRest } from './idle-rest.ts';
import { loadRequestFrom } from './load-request-from.ts';

interface Slot {
  isolate: GuestIsolate | undefined;
  /** It is to be emptied as soon as its load is over. */
  isUnwanted: boolean;
}

interface Waiting {
  readonly slot: number;
  resolve(text: string): void;
  reject(error: unknown): void;
}

/** The guests of a cage, by slot, and the frames to and from them. */
export class CageSlots {
  readonly #writer: FrameWriter;
  readonly #leave: (code: number) => void;
  readonly #slots = new Map<number, Slot>();
  readonly #syscalls = new Map<string, Waiting>();
  readonly #idleRest = new IdleRest();
  #calls = 0;

  /** @param leave ends the process */
  constructor(writer: FrameWriter, leave: (code: number) => void) {
    this.#writer = writer;
    this.#leave = leave;
  }

  /**
   * Takes one frame.
   * @throws RangeError when the daemon does not send such a one: nothing that follows can be relied on
   */
  receive({ kind, slot, id, body }: Frame): void {
    switch (kind) {
      case frameKind.load:
        this.#load(slot, id, body.toString('utf8'));
        break;
      case frameKind.call:
        this.#call(slot, id, body);
        break;
      case frameKind.cancel:
        this.#slots.get(slot)?.isolate?.cancel(id);
        break;
      case frameKind.result:
        this.#result(slot, id, body);
        break;
      case frameKind.unload:
        this.#unload(slot);
        break;
      case frameKind.ping:
        this.#ping(slot, id);
        break;
      default:
        throw new RangeError(`a frame of kind ${kind}`);
    }
  }

  #load(slot: number, id: string, text: string): void {
    if (slot === 0 || this.#slots.has(slot)) throw new RangeError(`a load for slot ${slot}`);
    const request = loadRequestFrom(text);
    const place: Slot = { isolate: undefined, isUnwanted: false };
    this.#slots.set(slot, place);
    const host = {
      syscall: (capability: string, method: string, args: string, callId: string | null) =>
        this.#syscall(slot, capability, method, args, callId),
      log: (level: number, line: string) =>
        this.#writer.send(
          frameKind.log,
          slot,
          noId,
          Buffer.concat([Buffer.of(level), Buffer.from(line, 'utf8')]),
        ),
      ended: (end: GuestEnd) => this.#empty(slot, end),
      catastrophe: () => {
        this.#writer.flush();
        // A thread of this process never ends again. What was written goes out first.
        setImmediate(() => this.#leave(71));
      },
    };
    createGuestIsolate(request, host).then(
      (isolate) => {
        if (place.isUnwanted) {
          void isolate.dispose();
          this.#empty(slot, { reason: 'closed', detail: 'unloaded' });
          return;
        }
        place.isolate = isolate;
        this.#idleRest.add(isolate);
        this.#loaded(slot, id, 1, JSON.stringify(isolate.guest));
      },
      (error: unknown) => {
        this.#slots.delete(slot);
        const message = error instanceof Error && 'code' in error ? error.message : 'it does not load';
        this.#loaded(slot, id, 0, envelope('MF660', message));
      },
    );
  }

  #loaded(slot: number, id: string, isFine: 0 | 1, text: string): void {
    this.#writer.send(
      frameKind.loaded,
      slot,
      id,
      Buffer.concat([Buffer.of(isFine), Buffer.from(text, 'utf8')]),
    );
  }

  #call(slot: number, id: string, body: Buffer): void {
    const call = callBody.decode(body);
    this.#calls += 1;
    const answer = (given: GuestAnswer): void =>
      this.#writer.send(frameKind.answer, slot, id, answerBody.encode(given));
    const isolate = this.#slots.get(slot)?.isolate;
    // It has just ended by itself; whoever called has been told by that.
    if (isolate !== undefined) isolate.call(id, call, answer);
  }

  #syscall(
    slot: number,
    capability: string,
    method: string,
    args: string,
    callId: string | null,
  ): Promise<string> {
    const id = randomBytes(12).toString('hex');
    const head = JSON.stringify([capability, method]).slice(0, -1);
    this.#writer.send(frameKind.syscall, slot, id, `${head},${args},${JSON.stringify(callId)}]`);
    return new Promise((resolve, reject) => this.#syscalls.set(id, { slot, resolve, reject }));
  }

  #result(slot: number, id: string, body: Buffer): void {
    const [first] = body;
    if (first !== 0 && first !== 1) throw new RangeError('a result without its first byte');
    const waiting = this.#syscalls.get(id);
    // Its guest may have ended meanwhile.
    if (waiting === undefined) return;
    if (waiting.slot !== slot) throw new RangeError('a result for another slot');
    this.#syscalls.delete(id);
    const text = body.toString('utf8', 1);
    if (first === 1) waiting.resolve(text);
    else waiting.reject(jsonFrom(text));
  }

  #unload(slot: number): void {
    const place = this.#slots.get(slot);
    if (place !== undefined && place.isolate === undefined) {
      place.isUnwanted = true;
      return;
    }
    // Said when it is true: who is told that it is not ends the process.
    void (place?.isolate?.dispose() ?? Promise.resolve()).then(() =>
      this.#empty(slot, { reason: 'closed', detail: 'unloaded' }),
    );
  }

  #empty(slot: number, end: GuestEnd): void {
    const isolate = this.#slots.get(slot)?.isolate;
    if (isolate !== undefined) this.#idleRest.delete(isolate);
    this.#slots.delete(slot);
    for (const [id, waiting] of this.#syscalls) if (waiting.slot === slot) this.#syscalls.delete(id);
    this.#writer.send(frameKind.ended, slot, noId, JSON.stringify(end));
  }

  #ping(slot: number, id: string): void {
    if (slot === 0) {
      const { user, system } = process.cpuUsage();
      this.#pong(0, id, {
        busyMs: 0,
        // There is no /proc in a cage, which the resident size would need.
        heapBytes: getHeapStatistics().used_heap_size,
        cpuMs: Math.round((user + system) / 1000),
        calls: this.#calls,
      });
      return;
    }
    this.#slots
      .get(slot)
      ?.isolate?.ping()
      .then(
        (vitals) => this.#pong(slot, id, vitals),
        // It has ended, and that was said.
        () => {},
      );
  }

  #pong(slot: number, id: string, vitals: GuestVitals): void {
    // Nothing of an empty slot goes out.
    if (slot === 0 || this.#slots.has(slot)) {
      this.#writer.send(frameKind.pong, slot, id, JSON.stringify(vitals));
    }
  }
}

function jsonFrom(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new RangeError('a result that is no JSON');
  }
}
