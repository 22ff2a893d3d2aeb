import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { CallOptions, Syscall, Tenant, TenantHost } from '../cage/tenant.ts';
import type { GuestEntry } from '../protocol/guest-entry.ts';
import type { GuestEnd } from '../protocol/load-request.ts';
import type { CallTag } from './call-tag.ts';
import { checkAnswer } from './check-answer.ts';
import type { Deployment } from './deployment.ts';
import type { ExtensionPlatform } from './extension-platform.ts';
import { loadRequestOf } from './load-request-of.ts';

/** An end that nobody asked for. */
export type SessionEnd = GuestEnd & { readonly cage: 'alive' | 'killed' };

/** Who is told of what happens in a session. */
export interface SessionOwner {
  ended(session: GuestSession, end: SessionEnd): void;
  /** The guest used a capability that its manifest does not declare. */
  undeclared(session: GuestSession, capability: string, project: string | null): void;
  denied(capability: string, project: string | null, message: string): void;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
}

/** Handler of each entry that not every extension has. */
const handlers = {
  install: 'onInstall',
  start: 'onStart',
  stop: 'onStop',
  uninstall: 'onUninstall',
  health: 'onHealth',
  handover: 'onHandover',
  adopt: 'onAdopt',
} as const;

export type LifeEntry = keyof typeof handlers;

/** Milliseconds each of them gets: in all, and of a processor. */
const budgets: Readonly<Record<LifeEntry, { readonly ms: number; readonly cpuMs: number }>> = {
  install: { ms: 30_000, cpuMs: 5_000 },
  start: { ms: 10_000, cpuMs: 1_000 },
  stop: { ms: 2_000, cpuMs: 500 },
  uninstall: { ms: 30_000, cpuMs: 5_000 },
  health: { ms: 5_000, cpuMs: 500 },
  handover: { ms: 5_000, cpuMs: 1_000 },
  adopt: { ms: 10_000, cpuMs: 1_000 },
};

/** Longest argument, in characters of JSON. */
const longestPayload = 4 * 1024 * 1024;
/** Milliseconds a capability call outside of any call gets. */
const syscallMs = 10_000;
/** Calls that one loop has ended count once. */
const sameLoopMs = 100;

export interface GuestCall {
  readonly entry: GuestEntry;
  /** JSON text. */
  readonly payload: string;
  readonly tag: CallTag;
  readonly signal?: AbortSignal | undefined;
}

/** One life of an isolate of an extension, with everything that is under way in it. */
export class GuestSession {
  readonly deployment: Deployment;
  readonly #platform: ExtensionPlatform;
  readonly #owner: SessionOwner;
  #capabilities: readonly string[] = [];
  #tenant: Tenant | undefined;
  #over = false;
  #lostCage = false;
  #running = 0;
  #lastCall: number;
  #lastLoop = Number.NEGATIVE_INFINITY;
  #quiet: (() => void)[] = [];

  private constructor(deployment: Deployment, platform: ExtensionPlatform, owner: SessionOwner) {
    this.deployment = deployment;
    this.#platform = platform;
    this.#owner = owner;
    this.#lastCall = platform.now();
  }

  /**
   * Puts the guest into a cage.
   * @throws MF660 when it does not load, MF663 when it has ended too many cages
   */
  static async open(
    deployment: Deployment,
    platform: ExtensionPlatform,
    owner: SessionOwner,
  ): Promise<GuestSession> {
    const session = new GuestSession(deployment, platform, owner);
    const { installed, limits } = deployment;
    const code = await platform.readCode(installed);
    const request = loadRequestOf(installed, limits, code, platform.now());
    session.#capabilities = request.capabilities;
    session.#tenant = await platform.fleet.open(request, session.#host());
    return session;
  }

  /** Those its context has. */
  get capabilities(): readonly string[] {
    return this.#capabilities;
  }

  get over(): boolean {
    return this.#over;
  }

  /** It ended because its cage did. */
  get lostCage(): boolean {
    return this.#lostCage;
  }

  /** Calls under way. */
  get running(): number {
    return this.#running;
  }

  /** When the last call began or ended, milliseconds since the epoch. */
  get lastCall(): number {
    return this.#lastCall;
  }

  has(entry: LifeEntry): boolean {
    return this.#tenant?.guest.handlers.includes(handlers[entry]) === true;
  }

  /** Bytes of its heap as the last sign of life said. */
  measure(): void {
    if (this.#tenant !== undefined)
      this.deployment.meter.vitals(this.#over ? 0 : this.#tenant.vitals().heapBytes);
  }

  /**
   * A call from outside: counted, bounded, its answer checked.
   * @returns JSON text
   * @throws MF664 over a limit; MF602, MF661, MF662, MF601 as of the tenant
   */
  async call({ entry, payload, tag, signal }: GuestCall): Promise<string> {
    const { meter, limits } = this.deployment;
    if (payload.length > longestPayload) {
      throw new MagFlockError('MF113', `what ${entry} is called with has ${payload.length} characters`, {
        details: { max: longestPayload },
      });
    }
    meter.begin();
    let cpuMicros = 0;
    let failed = true;
    this.#begin();
    try {
      const options = { deadline: tag.deadline, cpuMs: limits.cpuMsPerCall, tag, signal };
      const result = await this.#alive.call(entry, payload, options);
      cpuMicros = result.cpuMicros;
      const answer = checkAnswer(entry, result.payload);
      failed = false;
      return answer;
    } catch (error) {
      if (MagFlockError.from(error).code === 'MF661') {
        cpuMicros = limits.cpuMsPerCall * 1_000;
        this.#looped();
      }
      throw error;
    } finally {
      meter.end(cpuMicros, failed);
      this.#end();
    }
  }

  /** Calls an entry of its life when the guest has the handler; counts towards its processor time only. */
  async enter(
    entry: LifeEntry,
    facts: Readonly<Record<string, unknown>>,
    project: string | null,
  ): Promise<string> {
    if (!this.has(entry)) return 'null';
    const { ms, cpuMs } = budgets[entry];
    const deadline = this.#platform.now() + ms;
    const options: CallOptions = {
      deadline,
      cpuMs,
      tag: { project, requestId: null, deadline } satisfies CallTag,
    };
    this.#begin();
    try {
      const result = await this.#alive.call(entry, JSON.stringify({ ...facts, project }), options);
      return checkAnswer(entry, result.payload);
    } finally {
      this.#end();
    }
  }

  /** Resolves when nothing runs in it, or after so many milliseconds. */
  async drained(milliseconds: number): Promise<void> {
    if (this.#running === 0) return;
    // Not a timer of the actor: those end with it, and it waits for this at its end.
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#quiet.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  /** Ends the isolate; calls under way get MF601. Its owner is not told. */
  async close(): Promise<void> {
    this.#over = true;
    this.measure();
    await this.#tenant?.close();
  }

  get #alive(): Tenant {
    if (this.#tenant === undefined || this.#over) {
      throw new MagFlockError('MF601', `The extension ${this.deployment.installed.id} has ended.`);
    }
    return this.#tenant;
  }

  #begin(): void {
    this.#running += 1;
    this.#lastCall = this.#platform.now();
  }

  #end(): void {
    this.#running -= 1;
    this.#lastCall = this.#platform.now();
    if (this.#running === 0) for (const told of this.#quiet.splice(0)) told();
  }

  #looped(): void {
    const now = this.#platform.now();
    if (now - this.#lastLoop < sameLoopMs) return;
    this.#lastLoop = now;
    this.deployment.meter.exceeded('cpuMsPerCall', this.deployment.limits.cpuMsPerCall);
  }

  #host(): TenantHost {
    return {
      syscall: (call) => this.#syscall(call),
      log: (level, text) => {
        if (!this.#over && this.deployment.meter.logLine()) this.#owner.log(level, text);
      },
      ended: (end) => {
        if (this.#over) return;
        this.#over = true;
        this.#lostCage = end.cage === 'killed';
        this.measure();
        this.#owner.ended(this, end);
      },
    };
  }

  async #syscall({ capability, method, args, tag, signal }: Syscall): Promise<unknown> {
    const call = tag as CallTag | null;
    const project = call?.project ?? this.deployment.home;
    const deadline = call?.deadline ?? this.#platform.now() + syscallMs;
    try {
      return await this.deployment.broker.syscall({
        capability,
        method,
        args,
        project,
        requestId: call?.requestId ?? null,
        deadline,
        signal,
      });
    } catch (thrown) {
      const error = MagFlockError.from(thrown);
      if (error.code === 'MF610' && !this.#over) {
        if (error.details?.['undeclared'] === true) this.#owner.undeclared(this, capability, project);
        else this.#owner.denied(capability, project, error.message);
      }
      throw error;
    }
  }
}
