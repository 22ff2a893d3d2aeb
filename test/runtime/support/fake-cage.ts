import { Worker } from 'node:worker_threads';
import type { AnyActor } from '../../../runtime/actor/any-actor.ts';
import type { CallContext, MailboxOptions } from '../../../runtime/actor/define-actor.ts';
import type { ErrorEnvelope } from '../../../runtime/errors/error-envelope.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Health } from '../../../runtime/motherboard/health.ts';
import type { CageFacts, CageHost, CagePlacement } from '../../../runtime/placement/cage.ts';
import { moduleUrl } from '../../../runtime/placement/module-url.ts';
import type { StartedChild } from '../../../runtime/placement/placement.ts';
import { within } from '../../../runtime/placement/within.ts';
import { childBudget } from '../../../runtime/supervision/child-budget.ts';
import type { ChildSpec } from '../../../runtime/supervision/child-spec.ts';

export interface GuestBirth {
  readonly href: string;
  readonly args: unknown;
  readonly incarnation: number;
}

export type ToGuest =
  | {
      readonly kind: 'run';
      readonly id: number;
      readonly method: string;
      readonly payload: unknown;
      readonly from: string;
      readonly deadline: number;
    }
  | { readonly kind: 'cancel'; readonly id: number }
  | { readonly kind: 'reply'; readonly id: number; readonly value?: unknown; readonly error?: ErrorEnvelope };

export type FromGuest =
  | {
      readonly kind: 'ready';
      readonly version: string;
      readonly methods: readonly string[];
      readonly concurrency: number | undefined;
      readonly mailbox: MailboxOptions | undefined;
      readonly capabilities: readonly string[];
    }
  | { readonly kind: 'alive' }
  | { readonly kind: 'ended'; readonly error: ErrorEnvelope }
  | { readonly kind: 'answer'; readonly id: number; readonly value: unknown }
  | { readonly kind: 'failed'; readonly id: number; readonly error: ErrorEnvelope }
  | {
      readonly kind: 'ask';
      readonly id: number;
      readonly path: string;
      readonly method: string;
      readonly payload: unknown;
      readonly timeoutMs?: number | undefined;
    };

type Ready = Extract<FromGuest, { kind: 'ready' }>;

/** One life of a caged part: here a worker thread, in a real cage a process. */
class Guest {
  readonly worker: Worker;
  readonly ready = Promise.withResolvers<Ready>();
  readonly gone: Promise<void>;
  facts: Ready | undefined;
  lastSeen = Date.now();
  expected = false;
  readonly #running = new Map<number, PromiseWithResolvers<unknown>>();
  #next = 0;

  constructor(birth: GuestBirth, ask: (message: Extract<FromGuest, { kind: 'ask' }>) => Promise<unknown>) {
    this.worker = new Worker(moduleUrl('./fake-cage.worker', import.meta.url), { workerData: birth });
    this.worker.on('error', () => {});
    this.ready.promise.catch(() => {});
    this.gone = new Promise((resolve) => {
      this.worker.once('exit', () => {
        const error = new MagFlockError('MF601', 'the cage ended before it answered');
        this.ready.reject(error);
        for (const { reject } of this.#running.values()) reject(error);
        resolve();
      });
    });
    this.worker.on('message', (message: FromGuest) => {
      this.lastSeen = Date.now();
      if (message.kind === 'ready') this.ready.resolve(message);
      else if (message.kind === 'ended') this.ready.reject(MagFlockError.fromEnvelope(message.error));
      else if (message.kind === 'answer') this.#running.get(message.id)?.resolve(message.value);
      else if (message.kind === 'failed') {
        this.#running.get(message.id)?.reject(MagFlockError.fromEnvelope(message.error));
      } else if (message.kind === 'ask') {
        const { id } = message;
        ask(message).then(
          (value) => this.#post({ kind: 'reply', id, value }),
          (error) => this.#post({ kind: 'reply', id, error: MagFlockError.from(error).toEnvelope() }),
        );
      }
    });
  }

  async run(method: string, payload: unknown, { from, deadline, signal }: CallContext): Promise<unknown> {
    const id = ++this.#next;
    const answer = Promise.withResolvers<unknown>();
    this.#running.set(id, answer);
    const cancel = () => this.#post({ kind: 'cancel', id });
    signal.addEventListener('abort', cancel, { once: true });
    try {
      this.#post({ kind: 'run', id, method, payload, from, deadline });
      return await answer.promise;
    } finally {
      this.#running.delete(id);
      signal.removeEventListener('abort', cancel);
    }
  }

  #post(message: ToGuest): void {
    try {
      this.worker.postMessage(message);
    } catch (cause) {
      throw new MagFlockError('MF614', 'the value cannot cross into the cage', { cause });
    }
  }
}

/** A cage that is none: proves that a placement can be plugged in, with what its interface gives it and no more. */
export class FakeCage implements CagePlacement {
  readonly heartbeatMs = 1_000;
  readonly kills: string[] = [];
  readonly #host: CageHost;
  readonly #guests = new Map<string, Guest>();
  #watch: NodeJS.Timeout | undefined;

  constructor(host: CageHost) {
    this.#host = host;
  }

  threadOf(): string {
    return this.#host.front.thread;
  }

  async start(spec: ChildSpec, incarnation: number): Promise<StartedChild> {
    const guest = new Guest({ href: spec.module.href, args: spec.args, incarnation }, (message) => {
      const ref = this.#host.ref(message.path, `/${spec.id}`);
      const { method, payload, timeoutMs } = message;
      return ref.ask(method, payload, timeoutMs === undefined ? {} : { timeoutMs });
    });
    this.#guests.set(spec.id, guest);
    try {
      const late = `${spec.id} did not start`;
      guest.facts = await within(childBudget(spec).startMs, guest.ready.promise, late);
      await this.#host.front.start(spec.id, incarnation, this.#front(spec, guest, guest.facts), undefined);
    } catch (error) {
      await this.#end(spec, guest);
      throw error;
    }
    void guest.gone.then(() => {
      if (guest.expected) return;
      this.#guests.delete(spec.id);
      this.#host.front.abandon(spec.id);
      this.#host.onExit({ id: spec.id, reason: 'crash', detail: 'the cage has ended' });
    });
    this.#watch ??= setInterval(() => this.#look(spec), 50);
    return { waits: false };
  }

  async synchronise(): Promise<void> {}

  async open(spec: ChildSpec): Promise<void> {
    this.#host.front.open(spec.id);
  }

  async stop(spec: ChildSpec): Promise<'stopped' | 'killed'> {
    const guest = this.#guests.get(spec.id);
    if (guest === undefined) return 'stopped';
    let outcome: 'stopped' | 'killed' = 'stopped';
    try {
      await within(childBudget(spec).stopMs, this.#host.front.stop(spec.id), `${spec.id} did not stop`);
    } catch {
      outcome = 'killed';
      this.#host.front.abandon(spec.id);
    }
    await this.#end(spec, guest);
    return outcome;
  }

  async kill(spec: ChildSpec, reason: string): Promise<void> {
    this.kills.push(reason);
    const guest = this.#guests.get(spec.id);
    await guest?.worker.terminate();
    await guest?.gone;
  }

  async facts(spec: ChildSpec): Promise<CageFacts> {
    const guest = this.#guests.get(spec.id);
    const { rss } = process.memoryUsage();
    const silentMs = Date.now() - (guest?.lastSeen ?? 0);
    return {
      pid: guest === undefined ? null : process.pid,
      memoryBytes: rss,
      cpuMs: process.cpuUsage().user,
      silentMs,
    };
  }

  async healthCheck(spec: ChildSpec): Promise<Health> {
    const { silentMs } = await this.facts(spec);
    return { status: silentMs < this.heartbeatMs ? 'ok' : 'failed', summary: `alive ${silentMs} ms ago` };
  }

  async capabilities(spec: ChildSpec): Promise<readonly string[]> {
    return this.#guests.get(spec.id)?.facts?.capabilities ?? [];
  }

  #look(spec: ChildSpec): void {
    const { heartbeatMs = this.heartbeatMs } = spec.placement as { readonly heartbeatMs?: number };
    const silent = Date.now() - (this.#guests.get(spec.id)?.lastSeen ?? Date.now());
    if (silent > heartbeatMs) void this.kill(spec, `no sign of life for ${heartbeatMs} ms`);
  }

  async #end(spec: ChildSpec, guest: Guest): Promise<void> {
    guest.expected = true;
    this.#guests.delete(spec.id);
    clearInterval(this.#watch);
    this.#watch = undefined;
    await guest.worker.terminate();
    await guest.gone;
  }

  #front({ id }: ChildSpec, guest: Guest, facts: Ready): AnyActor {
    const { version, methods, concurrency = 1, mailbox } = facts;
    const run = (method: string) => (_state: unknown, payload: unknown, call: CallContext) =>
      guest.run(method, payload, call);
    return {
      name: id,
      version,
      concurrency,
      ...(mailbox === undefined ? {} : { mailbox }),
      init: () => null,
      methods: Object.fromEntries(methods.map((method) => [method, run(method)])),
    } as unknown as AnyActor;
  }
}
