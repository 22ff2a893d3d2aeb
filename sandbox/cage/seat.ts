import type { Buffer } from 'node:buffer';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { answerBody } from '../protocol/answer-body.ts';
import { callBody } from '../protocol/call-body.ts';
import type { Frame } from '../protocol/frame.ts';
import { frameKind } from '../protocol/frame-kind.ts';
import { noId } from '../protocol/frame-limits.ts';
import type { GuestEntry } from '../protocol/guest-entry.ts';
import type { GuestEnd, GuestVitals, LoadedGuest, LoadRequest } from '../protocol/load-request.ts';
import type { CageLine } from './cage-line.ts';
import { PendingCall } from './pending-call.ts';
import { readBody } from './read-body.ts';
import { SeatSyscalls } from './seat-syscalls.ts';
import type { CallOptions, CallResult, Tenant, TenantHost } from './tenant.ts';

const levels = ['debug', 'info', 'warn', 'error'] as const;
const logLength = 8192;
/** Beyond its processor time, for a machine that is busy with other things, milliseconds. */
const loadPatienceMs = 10_000;

/** What the heartbeat found: `late` seats are emptied, and when that does not help the cage ends. */
export type SeatPulse = 'fine' | 'late' | 'lost';

/** One guest in one slot of a cage, from the load frame until nothing of it can arrive any more. */
export class Seat implements Tenant {
  readonly slot: number;
  readonly request: LoadRequest;
  readonly loaded: Promise<LoadedGuest>;
  guest: LoadedGuest = { handlers: [] };
  readonly #line: CageLine;
  readonly #host: TenantHost;
  readonly #calls = new Map<string, PendingCall>();
  readonly #syscalls: SeatSyscalls;
  readonly #loadId: string;
  #state: 'loading' | 'open' | 'closing' | 'gone' = 'loading';
  #settleLoad: { resolve: (guest: LoadedGuest) => void; reject: (error: MagFlockError) => void };
  #vitals: GuestVitals = { busyMs: 0, heapBytes: 0, cpuMs: 0, calls: 0 };
  #ping: { id: string; at: number } | undefined;
  /** It has worked since its last sign of life. */
  #stale = true;
  /** Most processor time a call of this busy spell may take. */
  #patience: number;
  #loadUntil: number;
  #closingSince = 0;
  #closed: { promise: Promise<void>; resolve: () => void } | undefined;
  #logWindow = { second: 0, lines: 0 };

  constructor(slot: number, request: LoadRequest, host: TenantHost, line: CageLine) {
    this.slot = slot;
    this.request = request;
    this.#host = host;
    this.#line = line;
    this.#syscalls = new SeatSyscalls(slot, request, host, line);
    this.#loadId = line.nextId();
    this.#patience = request.cpuMs;
    this.#loadUntil = Date.now() + request.cpuMs + loadPatienceMs;
    const { promise, resolve, reject } = Promise.withResolvers<LoadedGuest>();
    this.loaded = promise;
    // The caller may hear first that the whole cage is gone.
    promise.catch(() => undefined);
    this.#settleLoad = { resolve, reject };
    const { id, version, trust, code, memoryMegabytes, cpuMs, config, capabilities, features } = request;
    const { logLinesPerSecond, concurrentSyscalls } = request;
    line.send(
      frameKind.load,
      slot,
      this.#loadId,
      // Named one by one: what a caller has besides must not go into the cage.
      JSON.stringify({
        id,
        version,
        trust,
        code,
        memoryMegabytes,
        cpuMs,
        config,
        capabilities,
        features,
        logLinesPerSecond,
        concurrentSyscalls,
      }),
    );
  }

  get pid(): number {
    return this.#line.pid;
  }

  /** Whether the guest may be running now, as far as the host can know. */
  get busy(): boolean {
    return (
      this.#state === 'loading' ||
      (this.#state === 'closing' && this.#closingSince > 0) ||
      this.#calls.size > 0
    );
  }

  vitals(): GuestVitals {
    return this.#vitals;
  }

  call(entry: GuestEntry, payload: string, options: CallOptions): Promise<CallResult> {
    const refusal = this.#refusal(options);
    if (refusal !== undefined) return Promise.reject(refusal);
    const id = this.#line.nextId();
    const cpuMs = Math.max(1, Math.min(Math.ceil(options.cpuMs), 0xffff_ffff));
    const body = callBody.encode({ entry, cpuMs, deadline: options.deadline, payload });
    try {
      this.#line.send(frameKind.call, this.slot, id, body);
    } catch (cause) {
      return Promise.reject(
        new MagFlockError('MF664', `The call of ${this.request.id} is too long for one message.`, {
          cause,
          retryable: false,
          details: { limit: 'payload' },
        }),
      );
    }
    const call = new PendingCall(options, () => this.#giveUp(id, cancelled()));
    if (this.#calls.size === 0) this.#patience = cpuMs;
    else if (cpuMs > this.#patience) this.#patience = cpuMs;
    this.#calls.set(id, call);
    this.#stale = true;
    this.#line.wakeAt(options.deadline);
    return call.answer;
  }

  #refusal({ signal, deadline }: CallOptions): MagFlockError | undefined {
    if (this.#state !== 'open') return this.#goneError();
    if (this.#line.blocked) {
      return new MagFlockError('MF603', `The cage of ${this.request.id} does not take more calls now.`);
    }
    if (signal?.aborted === true) return cancelled();
    return deadline > Date.now() ? undefined : this.#lateError();
  }

  async close(): Promise<void> {
    if (this.#state === 'gone') return;
    this.#startClosing();
    await this.#closed?.promise;
  }

  /**
   * A frame for this slot.
   * @throws RangeError when no cage sends it
   */
  receive(frame: Frame): void {
    const { kind, id, body } = frame;
    switch (kind) {
      case frameKind.answer:
        this.#onAnswer(id, body);
        break;
      case frameKind.syscall:
        if (this.#state === 'closing') return;
        this.#syscalls.receive(id, body, this.#calls);
        break;
      case frameKind.log:
        this.#onLog(body);
        break;
      case frameKind.pong:
        this.#onPong(id, body);
        break;
      case frameKind.loaded:
        this.#onLoaded(id, body);
        break;
      case frameKind.ended:
        this.#onEnded(readBody.end(body) as GuestEnd);
        break;
      default:
        throw new RangeError(`a frame of kind ${kind} for a slot`);
    }
  }

  /** Calls past their deadline are answered. Returns the next deadline, or Infinity. */
  expire(now: number): number {
    let next = Number.POSITIVE_INFINITY;
    for (const [id, call] of this.#calls) {
      if (call.settled) continue;
      if (call.options.deadline <= now) this.#giveUp(id, this.#lateError());
      else if (call.options.deadline < next) next = call.options.deadline;
    }
    return next;
  }

  /**
   * Asks the isolate for a sign of life when it has work.
   * @param budgetMs how long silence is borne
   */
  pulse(now: number, budgetMs: number): SeatPulse {
    if (this.#state === 'closing') return now - this.#closingSince > budgetMs ? 'lost' : 'fine';
    if (this.#state === 'loading') return now > this.#loadUntil ? 'late' : 'fine';
    const bearable = this.#patience + budgetMs;
    if (this.#ping !== undefined && now - this.#ping.at > bearable) return 'late';
    if (this.#vitals.busyMs > bearable && this.#calls.size > 0) return 'late';
    for (const call of this.#calls.values()) {
      // The inside answers each call at its deadline, whatever the guest does.
      if (call.settled && now > call.options.deadline + bearable) return 'late';
      break;
    }
    if (this.#ping === undefined && (this.#stale || this.#calls.size > 0)) {
      this.#stale = false;
      this.#ping = { id: this.#line.nextId(), at: now };
      this.#line.send(frameKind.ping, this.slot, this.#ping.id);
    }
    return 'fine';
  }

  /** The guest did not give a sign of life: calls fail, and the inside is told to take the isolate away. */
  evict(end: GuestEnd): void {
    if (this.#state === 'closing' || this.#state === 'gone') return;
    const wasOpen = this.#state === 'open';
    this.#settleLoad.reject(this.#loadError(end));
    this.#startClosing();
    if (wasOpen) this.#host.ended({ ...end, cage: 'alive' });
  }

  /** The cage is gone. Everything under way is answered. */
  cageEnded(end: GuestEnd): void {
    const state = this.#state;
    if (state === 'gone') return;
    this.#leave();
    this.#settleLoad.reject(this.#loadError(end, 'killed'));
    if (state === 'open') this.#host.ended({ ...end, cage: 'killed' });
  }

  #startClosing(): void {
    if (this.#state === 'closing' || this.#state === 'gone') return;
    this.#state = 'closing';
    this.#closingSince = Date.now();
    this.#closed = Promise.withResolvers<void>();
    for (const call of this.#calls.values()) call.reject(this.#goneError());
    this.#syscalls.abort();
    this.#settleLoad.reject(this.#goneError());
    this.#line.send(frameKind.unload, this.slot, noId);
  }

  #leave(): void {
    this.#state = 'gone';
    this.#syscalls.abort();
    for (const call of this.#calls.values()) call.reject(this.#goneError());
    this.#calls.clear();
    this.#closed?.resolve();
  }

  #giveUp(id: string, error: MagFlockError): void {
    const call = this.#calls.get(id);
    if (call === undefined || call.settled) return;
    call.reject(error);
    this.#line.send(frameKind.cancel, this.slot, id);
  }

  #onAnswer(id: string, body: Buffer): void {
    const call = this.#calls.get(id);
    if (call === undefined) throw new RangeError('an answer to no call');
    const { ok, cpuMicros, payload } = answerBody.decode(body);
    const error = ok ? undefined : this.#ofGuest(readBody.error(payload));
    this.#calls.delete(id);
    if (error === undefined) call.resolve({ payload, cpuMicros });
    else call.reject(error);
  }

  #onLog(body: Buffer): void {
    const level = levels[body[0] ?? 255];
    if (level === undefined) throw new RangeError('a log line without a level');
    if (this.#state === 'closing') return;
    const second = Math.floor(Date.now() / 1000);
    if (this.#logWindow.second !== second) this.#logWindow = { second, lines: 0 };
    // The inside drops lines by the same number; a second may straddle two of its own.
    if (++this.#logWindow.lines > 2 * this.request.logLinesPerSecond + 2) return;
    this.#host.log(level, body.toString('utf8', 1, 1 + logLength));
  }

  #onPong(id: string, body: Buffer): void {
    if (this.#ping?.id !== id) throw new RangeError('a pong to no ping');
    this.#vitals = readBody.vitals(body);
    this.#ping = undefined;
  }

  #onLoaded(id: string, body: Buffer): void {
    if (id !== this.#loadId || this.#ping !== undefined) throw new RangeError('an answer to no load');
    if (this.#state !== 'loading' && this.#state !== 'closing')
      throw new RangeError('a second answer to a load');
    if (readBody.fine(body)) {
      const guest = readBody.guest(body, 1);
      if (this.#state === 'closing') return;
      this.guest = guest;
      this.#state = 'open';
      this.#settleLoad.resolve(guest);
      return;
    }
    const cause = readBody.error(body.toString('utf8', 1));
    const closing = this.#state === 'closing';
    this.#leave();
    if (!closing) {
      this.#settleLoad.reject(
        cause.code === 'MF660'
          ? cause
          : new MagFlockError('MF660', `${this.request.id} does not load: ${cause.message}`, {
              details: { ...cause.details, reason: cause.code },
            }),
      );
    }
    this.#line.vacated(this.slot, false);
  }

  #onEnded(end: GuestEnd): void {
    const state = this.#state;
    this.#leave();
    if (state === 'loading') this.#settleLoad.reject(this.#loadError(end));
    else if (state === 'open') this.#host.ended({ ...end, cage: 'alive' });
    this.#line.vacated(this.slot, end.reason === 'memory' || end.reason === 'fault');
  }

  #loadError(end: GuestEnd, cage: 'alive' | 'killed' = 'alive'): MagFlockError {
    return new MagFlockError('MF660', `${this.request.id} ended while it was loaded: ${end.detail}`, {
      details: { reason: end.reason, cage },
    });
  }

  /** Says who said it, past what the guest says: "blocked" of an extension is not "blocked" of the machine. */
  #ofGuest({ code, message, details }: MagFlockError): MagFlockError {
    return new MagFlockError(code, message, { details: { ...details, extension: this.request.id } });
  }

  #goneError(): MagFlockError {
    return new MagFlockError('MF601', `The isolate of ${this.request.id} has ended.`);
  }

  #lateError(): MagFlockError {
    return new MagFlockError('MF602', `${this.request.id} did not answer before the deadline.`);
  }
}

function cancelled(): MagFlockError {
  return new MagFlockError('MF606', 'The caller does not wait any more.');
}
