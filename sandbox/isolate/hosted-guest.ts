import { Buffer } from 'node:buffer';
import type ivm from 'isolated-vm';
import type { ErrorEnvelope } from '../../runtime/errors/error-envelope.ts';
import type { CallBody } from '../protocol/call-body.ts';
import type { GuestEnd, GuestVitals, LoadedGuest, LoadRequest } from '../protocol/load-request.ts';
import type { AsyncLanes } from './async-lanes.ts';
import { BatchQueue } from './batch-queue.ts';
import { envelope } from './envelope.ts';
import { guestFailure } from './guest-failure.ts';
import { guestHandlers } from './guest-handlers.ts';
import type { GuestAnswer, GuestIsolate, IsolateHost } from './guest-isolate.ts';
import { hostFailure } from './host-failure.ts';
import { isolateLimits } from './isolate-limits.ts';
import type { Outlet } from './outlet.ts';

interface Call {
  readonly id: string;
  readonly body: CallBody;
  readonly answer: (answer: GuestAnswer) => void;
  cpuMicros: number;
}

type Item = readonly [
  kind: 'c' | 'r' | 't' | 'x' | 'p',
  number: number,
  third: string | number,
  fourth: string,
];

export interface HostedGuestParts {
  readonly isolate: ivm.Isolate;
  /** `GuestDispatcher` inside. */
  readonly dispatcher: ivm.Reference;
  /** Where the dispatcher puts short records. */
  readonly outlet: Outlet;
  readonly request: LoadRequest;
  readonly host: IsolateHost;
  readonly lanes: AsyncLanes;
}

/**
 * The host's side of one isolate. Nothing but text and numbers goes in and out, and the isolate holds no function of
 * the host: it is handed a turn, and then asked what it has to say.
 */
export class HostedGuest implements GuestIsolate {
  readonly capabilitiesUsed = new Set<string>();
  readonly #isolate: ivm.Isolate;
  readonly #turnOf: ivm.Reference;
  readonly #adoptOf: ivm.Reference;
  readonly #drainOf: ivm.Reference;
  readonly #restOf: ivm.Reference;
  readonly #request: LoadRequest;
  readonly #host: IsolateHost;
  readonly #lanes: AsyncLanes;
  readonly #outlet: Outlet;
  readonly #calls = new Map<number, Call>();
  readonly #numbers = new Map<string, number>();
  /** System calls under way, and the call each belongs to. */
  readonly #syscalls = new Map<number, number>();
  readonly #timers = new Map<number, NodeJS.Timeout>();
  readonly #handlers: string[] = [];
  readonly #inbox = new BatchQueue<Item>();
  #pings: { resolve(): void; reject(error: Error): void }[] = [];
  /** When the turn beside this thread is over. */
  #left: Promise<void> = Promise.resolve();
  #lastNumber = 0;
  #scheduled = false;
  #running = false;
  #busySince = 0;
  #ended = false;
  #shortCalls = 0;
  #longUntil = 0;
  /** Processor time that the calls of a turn have. */
  #turnMs = 0;
  #answered = 0;
  /** What `#answered` was when memory was last given back. */
  #restedAt = -1;
  #heapBytes = 0;
  #heapReadAt = 0;
  #cpuMs = 0;
  #deadlineTimer: NodeJS.Timeout | undefined;
  #deadlineAt = Number.POSITIVE_INFINITY;
  #loadFailure: string | undefined;
  #isLoaded = false;

  constructor({ isolate, dispatcher, outlet, request, host, lanes }: HostedGuestParts) {
    this.#isolate = isolate;
    this.#adoptOf = dispatcher.getSync('adopt', { reference: true });
    this.#turnOf = dispatcher.getSync('turn', { reference: true });
    this.#drainOf = dispatcher.getSync('drain', { reference: true });
    this.#restOf = dispatcher.getSync('rest', { reference: true });
    this.#request = request;
    this.#host = host;
    this.#lanes = lanes;
    this.#outlet = outlet;
  }

  get guest(): LoadedGuest {
    return { handlers: this.#handlers };
  }

  /** Takes the guest's module over. Resolves with JSON of its error when it is none. */
  adopt(namespace: ivm.Reference): Promise<string | undefined> {
    return new Promise((resolve) => {
      this.#running = true;
      const done = (): void => {
        this.#isLoaded = this.#loadFailure === undefined && !this.#ended;
        resolve(this.#ended ? (this.#loadFailure ?? 'it was ended') : this.#loadFailure);
      };
      this.#lanes.run(() =>
        this.#beside(this.#adoptOf, [this.#now(), namespace.derefInto()], this.#request.cpuMs, [], -1).then(
          done,
        ),
      );
    });
  }

  call(id: string, body: CallBody, answer: (answer: GuestAnswer) => void): void {
    const refused = this.#refusal(body);
    if (refused !== undefined) {
      answer({ ok: false, cpuMicros: 0, payload: refused });
      return;
    }
    this.#lastNumber += 1;
    const number = this.#lastNumber;
    this.#calls.set(number, { id, body, answer, cpuMicros: 0 });
    this.#numbers.set(id, number);
    this.#put(['c', number, guestHandlers[body.entry], body.payload]);
  }

  #refusal(body: CallBody): string | undefined {
    if (this.#ended) return envelope('MF601', 'The extension has ended.', { retryable: true });
    if (this.#calls.size >= isolateLimits.calls) {
      const details = { limit: 'concurrentCalls', max: isolateLimits.calls };
      return envelope('MF664', 'The extension has too many calls.', { details, retryable: true });
    }
    return body.deadline <= Date.now() ? pastDeadline() : undefined;
  }

  cancel(id: string): void {
    const number = this.#numbers.get(id);
    const call = number === undefined ? undefined : this.#calls.get(number);
    if (number === undefined || call === undefined) return;
    this.#forget(number);
    const payload = envelope('MF606', 'The caller does not wait any more.');
    call.answer({ ok: false, cpuMicros: Math.round(call.cpuMicros), payload });
  }

  ping(): Promise<GuestVitals> {
    if (this.#ended) return Promise.reject(new Error('the isolate has ended'));
    return new Promise((resolve, reject) => {
      this.#pings.push({ resolve: () => resolve(this.vitals()), reject });
      this.#put(['p', 0, 0, '']);
    });
  }

  vitals(): GuestVitals {
    return {
      busyMs: this.#busySince === 0 ? 0 : Math.round(performance.now() - this.#busySince),
      heapBytes: this.#heapBytes,
      cpuMs:
        this.#ended || this.#isolate.isDisposed
          ? this.#cpuMs
          : Math.round(Number(this.#isolate.cpuTime) / 1e6),
      calls: this.#answered,
    };
  }

  rest(): Promise<void> {
    if (this.#running || this.#scheduled || this.#ended || this.#calls.size > 0) return Promise.resolve();
    if (this.#answered === this.#restedAt) return Promise.resolve();
    this.#restedAt = this.#answered;
    this.#running = true;
    return new Promise((resolve) => {
      this.#lanes.run(() => this.#beside(this.#restOf, [], this.#request.cpuMs, [], -1).then(resolve));
    });
  }

  dispose(): Promise<void> {
    this.#close('The extension was ended.', undefined);
    return this.#left;
  }

  /** The engine says that it lost control. */
  lose(detail: string): void {
    this.#end({ reason: 'memory', detail });
    this.#host.catastrophe?.(detail);
  }

  #put(item: Item): void {
    this.#inbox.push(item);
    this.#schedule();
  }

  #schedule(): void {
    if (this.#scheduled || this.#running || this.#ended) return;
    this.#scheduled = true;
    // What comes in with the same chunk of bytes goes in together.
    queueMicrotask(() => this.#next());
  }

  #next(): void {
    this.#scheduled = false;
    if (this.#running || this.#ended || this.#inbox.length === 0) return;
    const batch = this.#inbox.take();
    const args: (string | number)[] = [this.#now()];
    const calls = new Set<number>();
    let cpuMs = 0;
    let started = 0;
    let pings = 0;
    for (const [kind, number, third, fourth] of batch) {
      args.push(kind, number, third, fourth);
      if (kind === 'p') pings += 1;
      const owner = kind === 'c' ? number : kind === 'r' ? this.#syscalls.get(number) : undefined;
      if (kind === 'r') this.#syscalls.delete(number);
      const call = owner === undefined ? undefined : this.#calls.get(owner);
      if (owner === undefined || call === undefined) continue;
      if (kind === 'c') started += 1;
      calls.add(owner);
      cpuMs = Math.max(cpuMs, call.body.cpuMs - call.cpuMicros / 1000);
    }
    if (cpuMs <= 0) cpuMs = this.#request.cpuMs;
    this.#turnMs = cpuMs;
    const pinged = this.#pings.splice(0, pings);
    const turned = (): void => {
      for (const ping of pinged)
        this.#ended ? ping.reject(new Error('the isolate has ended')) : ping.resolve();
    };
    this.#running = true;
    const isShort = this.#shortCalls >= isolateLimits.shortCalls && cpuMs <= isolateLimits.hereMs;
    if (isShort && performance.now() >= this.#longUntil) {
      this.#here(args, cpuMs, calls, started);
      turned();
    } else {
      this.#armDeadline();
      this.#lanes.run(() => this.#beside(this.#turnOf, args, cpuMs, calls, started).then(turned));
    }
  }

  /** On this thread: quick, and everything else of this process waits. */
  #here(args: (string | number)[], cpuMs: number, calls: Set<number>, started: number): void {
    const cpuBefore = this.#isolate.cpuTime;
    this.#busySince = performance.now();
    let failure: unknown = 0;
    let said = '';
    try {
      this.#turnOf.applySync(undefined, args, { timeout: wallMs(cpuMs) });
    } catch (error) {
      failure = error;
    }
    try {
      said = this.#saidAfter(failure);
    } catch (error) {
      failure = failure === 0 ? (error ?? 'drain') : failure;
    }
    this.#afterTurn(said, failure, cpuBefore, calls, started, true);
  }

  /** On a thread of isolated-vm. */
  async #beside(
    entry: ivm.Reference,
    args: unknown[],
    cpuMs: number,
    calls: Iterable<number>,
    started = 0,
  ): Promise<void> {
    if (this.#ended) return;
    const cpuBefore = this.#isolate.cpuTime;
    this.#busySince = performance.now();
    let failure: unknown = 0;
    let said = '';
    const turned = entry.apply(undefined, args, { timeout: wallMs(cpuMs) });
    // Settles when its thread has come out of it, also when the isolate was disposed of meanwhile.
    this.#left = turned.then(nothing, nothing);
    // Goes in behind the turn, without waiting for word of it.
    const drained: Promise<unknown> = this.#drainOf.apply(undefined, [], { timeout: 1000 });
    drained.catch(() => {});
    try {
      await turned;
    } catch (error) {
      failure = error;
    }
    try {
      said = this.#joined(failure === 0 ? String(await drained) : await this.#lastWord(drained));
    } catch (error) {
      failure = failure === 0 ? (error ?? 'drain') : failure;
    }
    if (!this.#ended) this.#afterTurn(said, failure, cpuBefore, calls, started, false);
  }

  /** What a guest had said before its turn was cut off, if it comes quickly: what was left in there may run on. */
  async #lastWord(drained: Promise<unknown>): Promise<string> {
    if (this.#ended || this.#isolate.isDisposed) return '';
    const said = async (): Promise<string> => {
      await drained.catch(() => {});
      await this.#turnOf.apply(undefined, [this.#now()], { timeout: 20 }).catch(() => {});
      return String(await this.#drainOf.apply(undefined, [], { timeout: 100 }));
    };
    const { promise: late, resolve } = Promise.withResolvers<string>();
    const timer = setTimeout(resolve, 250, '');
    try {
      return await Promise.race([said().catch(() => ''), late]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** With what stands in the outlet, which was said before. */
  #joined(drained: string): string {
    const first = this.#outlet.take();
    return first === '' ? drained : drained === '' ? first : `${first}\n${drained}`;
  }

  /** What it had to say; after a turn that was cut off this is its last word. */
  #saidAfter(failure: unknown): string {
    if (failure === 0 && !this.#outlet.hasMore) return this.#outlet.take();
    if (failure !== 0) {
      if (this.#isolate.isDisposed) return '';
      // An empty turn takes the rejections away that the one before left behind.
      try {
        this.#turnOf.applySync(undefined, [this.#now()], { timeout: 20 });
      } catch {
        // Always: see the decoy in the dispatcher.
      }
    }
    return this.#joined(String(this.#drainOf.applySync(undefined, [], { timeout: 1000 })));
  }

  #afterTurn(
    said: string,
    failure: unknown,
    cpuBefore: bigint,
    participants: Iterable<number>,
    started: number,
    wasHere: boolean,
  ): void {
    const wallSpent = performance.now() - this.#busySince;
    this.#busySince = 0;
    this.#running = false;
    const isGone = this.#isolate.isDisposed;
    const cpuMicros = isGone ? 0 : Number(this.#isolate.cpuTime - cpuBefore) / 1000;
    const calls = [...participants];
    for (const number of calls) {
      const call = this.#calls.get(number);
      if (call !== undefined) call.cpuMicros += cpuMicros / calls.length;
    }
    if (said !== '') for (const record of said.split('\n')) this.#record(record);
    if (this.#ended) return;
    if (failure !== 0) {
      this.#fall(failure, isGone, calls);
      return;
    }
    for (const number of calls) {
      const call = this.#calls.get(number);
      if (call !== undefined && call.cpuMicros > call.body.cpuMs * 1000) {
        this.#finish(number, false, overTime(call.body.cpuMs));
      }
    }
    this.#inbox.learn(calls.length, this.#turnMs, cpuMicros, said.length);
    // A start, or giving memory back, says nothing of calls.
    if (started >= 0) this.#judge(cpuMicros / Math.max(1, started), wasHere ? wallSpent : 0, started);
    this.#readHeap();
    if (this.#calls.size > 0) this.#armDeadline();
    if (this.#inbox.length > 0) {
      this.#scheduled = true;
      setImmediate(() => this.#next());
    }
  }

  /**
   * Who is short gets the main thread; who is long leaves it to others for a while.
   * @param wallSpent on the main thread; beside it, waiting for a thread counts too, and is nobody's fault
   */
  #judge(cpuMicrosPerCall: number, wallSpent: number, started: number): void {
    if (cpuMicrosPerCall < isolateLimits.shortMs * 1000) this.#shortCalls += started;
    else this.#shortCalls = 0;
    if (cpuMicrosPerCall > isolateLimits.longMs * 1000 || wallSpent > 10 * isolateLimits.longMs) {
      this.#shortCalls = 0;
      this.#longUntil = performance.now() + isolateLimits.longPenaltyMs;
    }
  }

  /** A turn did not come to its end. */
  #fall(failure: unknown, isGone: boolean, calls: readonly number[]): void {
    const message = failure instanceof Error ? failure.message : '';
    if (isGone) {
      const detail = `more than ${this.#request.memoryMegabytes} MB of memory`;
      this.#end({ reason: 'memory', detail });
    } else if (message === 'Script execution timed out.') {
      for (const number of calls) {
        const call = this.#calls.get(number);
        if (call !== undefined) this.#finish(number, false, overTime(call.body.cpuMs));
      }
      this.#end({ reason: 'cpu', detail: 'a call took more than its processor time' });
    } else this.#end({ reason: 'fault', detail: 'the isolate could not finish a turn' });
  }

  #record(record: string): void {
    const fields = record.split('\t');
    const number = Number(fields[1]);
    const text = fields[2] ?? '';
    switch (fields[0]) {
      case 'a':
        if (isLong(text)) this.#finish(number, false, tooLong('The answer'));
        else this.#finish(number, true, text);
        break;
      case 'b':
        this.#finish(number, false, tooLong('The answer'));
        break;
      case 'e':
        this.#finish(number, false, guestFailure(text));
        break;
      case 's':
        this.#syscall(number, fields);
        break;
      case 'l':
        this.#host.log(number, JSON.parse(text) as string);
        break;
      case 't':
        this.#timers.set(
          number,
          setTimeout(() => {
            this.#timers.delete(number);
            this.#put(['t', number, 0, '']);
          }, Number(text)),
        );
        break;
      case 'u':
        clearTimeout(this.#timers.get(number));
        this.#timers.delete(number);
        break;
      case 'h':
        this.#handlers.push(...text.split(',').filter((name) => name !== ''));
        break;
      case 'f':
        this.#loadFailure =
          (JSON.parse(text) as { message?: string }).message ?? 'an error without a message';
        break;
      default:
    }
  }

  #syscall(number: number, fields: readonly string[]): void {
    const [, , callNumber = '0', capability = '', method = '', args = '[]'] = fields;
    const owner = Number(callNumber);
    this.capabilitiesUsed.add(capability);
    this.#syscalls.set(number, owner);
    const done = (isFine: 1 | 0, text: string): void => {
      if (!this.#ended) this.#put(['r', number, isFine, text]);
    };
    if (isLong(args)) {
      done(0, tooLong('What was asked'));
      return;
    }
    new Promise<string>((resolve) => {
      resolve(this.#host.syscall(capability, method, args, this.#calls.get(owner)?.id ?? null));
    }).then(
      (text) => {
        if (isLong(text)) done(0, tooLong('The result'));
        else done(1, text === '' ? 'null' : text);
      },
      (error: unknown) => done(0, hostFailure(error)),
    );
  }

  #finish(number: number, ok: boolean, payload: string): void {
    const call = this.#calls.get(number);
    if (call === undefined) return;
    this.#calls.delete(number);
    this.#numbers.delete(call.id);
    this.#answered += 1;
    call.answer({ ok, cpuMicros: Math.round(call.cpuMicros), payload });
    if (this.#calls.size === 0) this.#disarmDeadline();
  }

  /** Nobody waits for it any more; the guest is told with its next turn. */
  #forget(number: number): void {
    const call = this.#calls.get(number);
    if (call === undefined) return;
    this.#calls.delete(number);
    this.#numbers.delete(call.id);
    const waited = this.#inbox.remove(([kind, one]) => kind === 'c' && one === number);
    if (!waited) this.#put(['x', number, 0, '']);
    if (this.#calls.size === 0) this.#disarmDeadline();
  }

  #armDeadline(): void {
    let earliest = Number.POSITIVE_INFINITY;
    for (const { body } of this.#calls.values()) if (body.deadline < earliest) earliest = body.deadline;
    if (earliest >= this.#deadlineAt) return;
    clearTimeout(this.#deadlineTimer);
    this.#deadlineAt = earliest;
    this.#deadlineTimer = setTimeout(
      () => {
        this.#deadlineAt = Number.POSITIVE_INFINITY;
        const now = Date.now();
        for (const [number, { body, answer, cpuMicros }] of [...this.#calls]) {
          if (body.deadline > now) continue;
          this.#forget(number);
          this.#answered += 1;
          answer({ ok: false, cpuMicros: Math.round(cpuMicros), payload: pastDeadline() });
        }
        if (this.#calls.size > 0 && !this.#ended) this.#armDeadline();
      },
      Math.min(Math.max(1, earliest - Date.now() + 1), 0x7fff_ffff),
    );
  }

  #disarmDeadline(): void {
    clearTimeout(this.#deadlineTimer);
    this.#deadlineAt = Number.POSITIVE_INFINITY;
  }

  /** Reading it costs more than a short call, so it is read now and then. */
  #readHeap(): void {
    const now = performance.now();
    if (now - this.#heapReadAt < 1000) return;
    this.#heapReadAt = now;
    this.#isolate.getHeapStatistics().then(
      (heap) => {
        this.#heapBytes = heap.used_heap_size + heap.externally_allocated_size;
      },
      () => {},
    );
  }

  /** What the guest takes for now: coarse without a signature. */
  #now(): number {
    const now = Date.now();
    return this.#request.trust === 'unsigned' ? now - (now % 100) : now;
  }

  #end(end: GuestEnd): void {
    if (this.#ended) return;
    this.#close(`The extension was ended: ${end.detail}.`, { reason: end.reason });
    if (this.#isLoaded) this.#host.ended(end);
    else this.#loadFailure = end.detail;
  }

  #close(why: string, details: ErrorEnvelope['details']): void {
    if (this.#ended) return;
    this.#ended = true;
    try {
      this.#cpuMs = Math.round(Number(this.#isolate.cpuTime) / 1e6);
    } catch {
      // It is gone.
    }
    this.#disarmDeadline();
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    const payload = envelope('MF601', why, {
      retryable: true,
      ...(details === undefined ? {} : { details }),
    });
    for (const number of [...this.#calls.keys()]) this.#finish(number, false, payload);
    for (const ping of this.#pings.splice(0)) ping.reject(new Error('the isolate has ended'));
    this.#inbox.clear();
    if (!this.#isolate.isDisposed) this.#isolate.dispose();
  }
}

const nothing = (): void => {};

/**
 * The engine counts wall time, which on a busy machine runs faster than the processor time that is meant; what was
 * really used is compared after each turn.
 */
function wallMs(cpuMs: number): number {
  return Math.ceil(cpuMs * 2 + 20);
}

/** The isolate counts characters; a frame counts bytes. */
function isLong(text: string): boolean {
  const most = isolateLimits.payloadBytes;
  return text.length > most / 3 && Buffer.byteLength(text) > most;
}

function tooLong(what: string): string {
  const max = isolateLimits.payloadBytes;
  return envelope('MF664', `${what} is longer than ${max} bytes, or too deep.`, {
    details: { limit: 'payloadBytes', max },
  });
}

function pastDeadline(): string {
  return envelope('MF602', 'The extension did not answer before the deadline.', { retryable: true });
}

function overTime(cpuMs: number): string {
  return envelope('MF661', `The call took more than ${cpuMs} ms of processor time.`, {
    details: { limit: 'cpuMsPerCall', max: cpuMs },
  });
}
