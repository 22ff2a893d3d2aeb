import { readFileSync } from 'node:fs';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { Frame } from '../protocol/frame.ts';
import { type FrameKind, frameKind } from '../protocol/frame-kind.ts';
import { frameLimits } from '../protocol/frame-limits.ts';
import type { GuestEnd, LoadRequest } from '../protocol/load-request.ts';
import type { TrustLevel } from '../protocol/trust-level.ts';
import type { CageLine } from './cage-line.ts';
import { CageProcess } from './cage-process.ts';
import type { ConfinedCommand } from './confine/confined-command.ts';
import { mainThreadTime } from './main-thread-time.ts';
import { readBody } from './read-body.ts';
import { replyIds } from './reply-ids.ts';
import { Seat } from './seat.ts';
import type { TenantHost } from './tenant.ts';

/** Start of a process on a machine under load; longer than that it does not come. */
const startMs = 20_000;
/** Log lines and system calls of a whole cage; the insides bound them far below. */
const unaskedPerSecond = 100_000;
/** A main thread that wants the processor and got less than this part of the time did not get its turn. */
const starvedShare = 0.25;
const pageBytes = 4096;
/** A process that dies this soon after one of its isolates has failed, died of that. */
const aftermathMs = 5000;
/** How long a process that is out of memory may take to say who did it, and end. */
const exhaustedMs = 150;

/** Why a cage is no more. */
export interface CageEnd {
  readonly pid: number;
  readonly trust: TrustLevel | undefined;
  /**
   * `silent`: no sign of life; `breach`: it broke the protocol (MF675); `memory`: over its bound; `stuck`: an isolate
   * could not be taken out; `exit`: it ended by itself; `drained`: it was empty, or stopped.
   */
  readonly reason: 'silent' | 'breach' | 'memory' | 'stuck' | 'exit' | 'drained';
  readonly detail: string;
  /** Who was in it. */
  readonly tenants: readonly string[];
  /** Those of them that may have done it; all when nothing points to one. */
  readonly suspects: readonly string[];
  /** From the last sign of life to the decision, milliseconds. */
  readonly detectedMs: number;
}

export interface CageSettings {
  readonly command: ConfinedCommand;
  /** How long silence is borne, milliseconds. */
  readonly detectionMs: number;
  /** Physical memory it may take. */
  readonly memoryBytes: number;
  /** Told once. Its tenants have been told already. */
  readonly ended: (end: CageEnd) => void;
  readonly vacated: () => void;
  /** Looks at the process before it is used. Text: what it lacks, and so it ends. */
  readonly lacking: (pid: number) => string | undefined;
}

/** One cage: its process, its seats, and the heartbeat that keeps it honest. */
export class Cage {
  readonly startedAt = new Date();
  readonly ready: Promise<void>;
  /** Undefined for a spare one. */
  trust: TrustLevel | undefined;
  /** Takes nobody in any more. */
  retired = false;
  /** Once it has ended. */
  end: CageEnd | undefined;
  /** Most tenants, narrowed by those that are here. */
  company = Number.POSITIVE_INFINITY;
  readonly #settings: CageSettings;
  readonly #process: CageProcess;
  readonly #seats = new Map<number, Seat>();
  readonly #line: CageLine;
  readonly #nextId = replyIds();
  #lastSlot = 0;
  #reserved = 0;
  #state: 'starting' | 'ready' | 'ended' = 'starting';
  #settleReady: { resolve: () => void; reject: (error: MagFlockError) => void };
  #lastSign = Date.now();
  #ping: { id: string; at: number; cpuMs: number } | undefined;
  readonly #heartbeat: NodeJS.Timeout;
  #lastBeat = Date.now();
  #wake: { timer: NodeJS.Timeout; at: number } | undefined;
  #failed: { id: string; at: number } | undefined;
  #exhausted: NodeJS.Timeout | undefined;
  #unasked = { second: 0, frames: 0 };

  constructor(settings: CageSettings) {
    this.#settings = settings;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.ready = promise;
    promise.catch(() => undefined);
    this.#settleReady = { resolve, reject };
    this.#process = new CageProcess(settings.command, {
      frame: (frame) => this.#onFrame(frame),
      breach: (detail) => this.#end('breach', detail, this.#everybody()),
      exhausted: () => {
        // An isolate beside the main thread is named first, and then the process ends by itself; one on it hangs.
        this.#exhausted ??= setTimeout(
          () => this.#end('memory', 'the engine is out of memory', this.#suspects()),
          exhaustedMs,
        );
      },
      exit: (how) => this.#end('exit', how, this.#suspects()),
    });
    const self = this;
    this.#line = {
      get pid() {
        return self.pid;
      },
      get blocked() {
        return self.#process.blocked;
      },
      send: (kind: FrameKind, slot, id, body) => this.#process.send(kind, slot, id, body),
      nextId: this.#nextId,
      wakeAt: (time) => this.#wakeAt(time),
      vacated: (slot, tainted) => this.#vacate(slot, tainted),
    };
    this.#heartbeat = setInterval(() => this.#beat(), Math.max(10, settings.detectionMs / 4));
  }

  get pid(): number {
    return this.#process.pid;
  }

  get gone(): Promise<void> {
    return this.#process.gone;
  }

  get alive(): boolean {
    return this.#state !== 'ended';
  }

  /** Seats taken, and those that somebody is on the way to. */
  get size(): number {
    return this.#seats.size + this.#reserved;
  }

  get tenants(): readonly string[] {
    return this.#everybody();
  }

  get output(): string {
    return this.#process.output;
  }

  get memoryBytes(): number {
    try {
      return Number(readFileSync(`/proc/${this.pid}/statm`, 'utf8').split(' ')[1]) * pageBytes;
    } catch {
      return 0;
    }
  }

  /** Whether slots are left; each is used once, so that nothing late can reach the next guest. */
  get usable(): boolean {
    return this.alive && !this.retired && this.#lastSlot + this.#reserved < frameLimits.slots;
  }

  /** Keeps a place until `seat` takes it or `release` gives it back. */
  reserve(): void {
    this.#reserved += 1;
  }

  release(): void {
    this.#reserved -= 1;
  }

  /** Takes a reserved place. @throws MF601 when the cage has ended, MF660 when the guest does not load */
  async seat(request: LoadRequest, host: TenantHost): Promise<Seat> {
    try {
      await this.ready;
    } finally {
      this.release();
    }
    if (!this.alive) throw new MagFlockError('MF601', 'The cage has just ended.');
    this.#lastSlot += 1;
    let seat: Seat;
    try {
      seat = new Seat(this.#lastSlot, request, host, this.#line);
    } catch (cause) {
      throw new MagFlockError('MF660', `${request.id} is too long to be loaded.`, { cause });
    }
    this.#seats.set(seat.slot, seat);
    await seat.loaded;
    return seat;
  }

  /** Ends it without blaming anybody; tenants, if any, are told. */
  async stop(): Promise<void> {
    this.#end('drained', 'stopped', []);
    await this.gone;
  }

  #everybody(): readonly string[] {
    return [...this.#seats.values()].map((seat) => seat.request.id);
  }

  /** Those that had something to do. */
  #suspects(): readonly string[] {
    const busy = [...this.#seats.values()].filter((seat) => seat.busy).map((seat) => seat.request.id);
    return busy.length > 0 ? busy : this.#everybody();
  }

  #onFrame(frame: Frame): void {
    this.#lastSign = Date.now();
    const { kind, slot, id, body } = frame;
    if (this.#state === 'starting') {
      if (kind !== frameKind.ready || slot !== 0) throw new RangeError('a frame before the first one');
      readBody.hello(body);
      const lacking = this.#settings.lacking(this.pid);
      if (lacking !== undefined) {
        this.#end('exit', `it has no wall ${lacking}`, []);
        return;
      }
      this.#state = 'ready';
      this.#settleReady.resolve();
      return;
    }
    if (kind === frameKind.log || kind === frameKind.syscall) this.#countUnasked();
    if (slot === 0) {
      if (kind !== frameKind.pong || this.#ping?.id !== id)
        throw new RangeError(`a frame of kind ${kind} for slot 0`);
      readBody.vitals(body);
      this.#ping = undefined;
      return;
    }
    const seat = this.#seats.get(slot);
    if (seat !== undefined) seat.receive(frame);
    // The inside answers an unload also when the guest has just gone by itself.
    else if (kind !== frameKind.ended || slot > this.#lastSlot) {
      throw new RangeError(`a frame for slot ${slot}, which is empty`);
    }
  }

  #countUnasked(): void {
    const second = Math.floor(Date.now() / 1000);
    if (this.#unasked.second !== second) this.#unasked = { second, frames: 0 };
    if (++this.#unasked.frames > unaskedPerSecond) throw new RangeError('a flood of frames');
  }

  #vacate(slot: number, tainted: boolean): void {
    const id = this.#seats.get(slot)?.request.id;
    this.#seats.delete(slot);
    if (tainted && id !== undefined) {
      this.retired = true;
      this.#failed = { id, at: Date.now() };
    }
    // Not from within the loop of the heartbeat.
    queueMicrotask(() => this.alive && this.#settings.vacated());
  }

  #beat(): void {
    const now = Date.now();
    const { detectionMs, memoryBytes } = this.#settings;
    const late = now - this.#lastBeat > detectionMs / 2;
    this.#lastBeat = now;
    // This thread was held up: what the cage said meanwhile has not been read yet.
    if (late) return;
    if (this.#state === 'starting') {
      if (now - this.startedAt.getTime() > startMs) this.#end('silent', 'it did not start', []);
      return;
    }
    if (this.#process.stuck) {
      this.#end('silent', 'it does not read', this.#suspects());
      return;
    }
    if (this.#ping !== undefined) {
      if (now - this.#ping.at >= detectionMs * 0.6) {
        this.#judgeSilence(this.#ping.id);
        return;
      }
    } else {
      this.#ping = { id: this.#nextId(), at: now, cpuMs: mainThreadTime(this.pid)?.ms ?? 0 };
      this.#process.send(frameKind.ping, 0, this.#ping.id);
    }
    if (this.memoryBytes > memoryBytes) {
      this.#end('memory', `over ${memoryBytes} bytes`, this.#heaviest());
      return;
    }
    for (const seat of this.#seats.values()) {
      const pulse = seat.pulse(now, detectionMs);
      if (pulse === 'late') seat.evict({ reason: 'stuck', detail: 'it gave no sign of life' });
      if (pulse === 'lost') {
        this.#end('stuck', 'its isolate cannot be ended', [seat.request.id]);
        return;
      }
    }
  }

  /** Once more round the event loop, so that a pong that has arrived is read first. */
  #judgeSilence(id: string): void {
    setImmediate(() => {
      const ping = this.#ping;
      if (ping?.id !== id || !this.alive || this.#isStarved(ping)) return;
      this.#end('silent', 'no heartbeat', this.#suspects());
    });
  }

  /** A machine that has no processor time for a cage is not the cage's fault; it gets as long again, not more. */
  #isStarved({ at, cpuMs }: { at: number; cpuMs: number }): boolean {
    const waited = Date.now() - at;
    const time = mainThreadTime(this.pid);
    if (time?.wants !== true || waited > 2 * this.#settings.detectionMs) return false;
    return time.ms - cpuMs < starvedShare * waited;
  }

  #heaviest(): readonly string[] {
    const [first] = [...this.#seats.values()].sort((a, b) => b.vitals().heapBytes - a.vitals().heapBytes);
    return first === undefined || first.vitals().heapBytes === 0 ? this.#suspects() : [first.request.id];
  }

  #wakeAt(time: number): void {
    if (this.#wake !== undefined && this.#wake.at <= time) return;
    if (this.#wake !== undefined) clearTimeout(this.#wake.timer);
    const wait = Math.min(Math.max(0, time - Date.now()), 0x7fff_ffff);
    this.#wake = { at: time, timer: setTimeout(() => this.#expire(), wait) };
  }

  #expire(): void {
    this.#wake = undefined;
    const now = Date.now();
    let next = Number.POSITIVE_INFINITY;
    for (const seat of this.#seats.values()) next = Math.min(next, seat.expire(now));
    if (next < Number.POSITIVE_INFINITY) this.#wakeAt(next);
  }

  #end(reason: CageEnd['reason'], detail: string, suspects: readonly string[]): void {
    if (this.#state === 'ended') return;
    const { pid, trust } = this;
    this.#state = 'ended';
    this.retired = true;
    this.#process.kill();
    clearInterval(this.#heartbeat);
    clearTimeout(this.#exhausted);
    if (this.#wake !== undefined) clearTimeout(this.#wake.timer);
    const failed = this.#failed;
    const isAftermath =
      failed !== undefined &&
      (reason === 'exit' || reason === 'silent') &&
      Date.now() - failed.at < aftermathMs;
    const tenants = isAftermath ? [...new Set([...this.#everybody(), failed.id])] : this.#everybody();
    const detectedMs = Date.now() - this.#lastSign;
    this.#settleReady.reject(new MagFlockError('MF660', `The cage did not start: ${detail}.`));
    this.end = {
      pid,
      trust,
      reason,
      detail,
      tenants,
      suspects: isAftermath ? [failed.id] : suspects,
      detectedMs,
    };
    this.#settings.ended(this.end);
    const end: GuestEnd = {
      reason: reason === 'memory' ? 'memory' : reason === 'silent' || reason === 'stuck' ? 'stuck' : 'fault',
      detail: reason === 'breach' ? `MF675: ${detail}` : `its cage ended: ${detail}`,
    };
    for (const seat of this.#seats.values())
      seat.cageEnded(reason === 'drained' ? { ...end, reason: 'closed' } : end);
    this.#seats.clear();
  }
}
