import { MagFlockError } from '../errors/magflock-error.ts';
import type { ReplicaDefinition } from './define-replica.ts';
import type { ReplicaFrame } from './replica-frame.ts';

/** Any replica, as the runtime handles it. */
export type AnyReplica = ReplicaDefinition<unknown, unknown, unknown, unknown, unknown>;

export interface ReplicaSlotOptions {
  readonly name: string;
  readonly definition: AnyReplica;
  send(frame: ReplicaFrame): void;
  /** The replica cannot apply what its owner sent: its thread must start anew. */
  broken(error: MagFlockError): void;
}

/**
 * One replica in a thread: applies what its owner sends, one thing after the other, and says how far it is.
 * It keeps its last state, and serves it, while the owner is down.
 */
export class ReplicaSlot {
  readonly name: string;
  readonly #options: ReplicaSlotOptions;
  #state: unknown;
  #api: unknown;
  #served = false;
  #incarnation = 0;
  /** Version of the state; -1 until the snapshot of this incarnation of the owner has come. */
  #version = -1;
  #early: Extract<ReplicaFrame, { kind: 'delta' }>[] = [];
  #chain: Promise<void> | undefined;
  #ready: { resolve(): void; reject(error: MagFlockError): void } | undefined;
  #current: Promise<void> = Promise.resolve();

  constructor(options: ReplicaSlotOptions) {
    this.name = options.name;
    this.#options = options;
  }

  get api(): unknown {
    if (!this.#served) throw new MagFlockError('MF611', `the replica of ${this.name} has no state yet`);
    return this.#api;
  }

  /** Incarnation of the owner whose state this is. */
  get incarnation(): number {
    return this.#incarnation;
  }

  async init(context: unknown, args: unknown): Promise<void> {
    this.#state = await this.#options.definition.init(context as never, args);
  }

  /** Asks this incarnation of the owner for its state. @returns resolves when the first state is applied */
  subscribe(incarnation: number): Promise<void> {
    if (incarnation === this.#incarnation) return Promise.resolve();
    this.#incarnation = incarnation;
    this.#version = -1;
    this.#early = [];
    const ready = new Promise<void>((resolve, reject) => {
      this.#ready = { resolve, reject };
    });
    // After a restart of the owner nobody waits; a failure there is reported by `broken`.
    ready.catch(() => {});
    this.#current = ready;
    this.#options.send({ kind: 'subscribe', owner: this.name, incarnation });
    return ready;
  }

  /** The incarnation whose state this is did not come into its place; what is served is as good as it was. */
  rolledBack(): void {
    this.#incarnation = -1;
  }

  /** Resolves when the state of the owner's latest incarnation is applied. */
  get current(): Promise<void> {
    return this.#current;
  }

  onFrame(frame: ReplicaFrame): void {
    if (frame.incarnation !== this.#incarnation) return;
    if (frame.kind === 'no-snapshot') {
      const error = MagFlockError.fromEnvelope(frame.error);
      this.#ready?.reject(error);
      if (this.#served) this.#options.broken(error);
    } else if (frame.kind === 'snapshot') this.#enqueue(() => this.#applySnapshot(frame));
    else if (frame.kind === 'delta') this.#enqueue(() => this.#applyDelta(frame));
  }

  async stop(): Promise<void> {
    await this.#chain;
    await this.#options.definition.stop?.(this.#state);
  }

  /** Runs at once where it can: a change that is applied synchronously is in force before the next message. */
  #enqueue(work: () => void | Promise<void>): void {
    if (this.#chain === undefined) {
      try {
        const result = work();
        if (result instanceof Promise) this.#follow(result);
      } catch (error) {
        this.#fail(error);
      }
      return;
    }
    this.#follow(this.#chain.then(work));
  }

  #follow(result: Promise<void>): void {
    const chain: Promise<void> = result
      .catch((error: unknown) => this.#fail(error))
      .then(() => {
        if (this.#chain === chain) this.#chain = undefined;
      });
    this.#chain = chain;
  }

  #applySnapshot(frame: Extract<ReplicaFrame, { kind: 'snapshot' }>): void | Promise<void> {
    const done = () => {
      if (!this.#served) {
        this.#api = this.#options.definition.api(this.#state);
        this.#served = true;
      }
      this.#version = frame.version;
      this.#applied();
      const early = this.#early;
      this.#early = [];
      for (const delta of early) this.#enqueue(() => this.#applyDelta(delta));
      this.#ready?.resolve();
    };
    const result = this.#options.definition.applySnapshot(this.#state, frame.data);
    return result instanceof Promise ? result.then(done) : done();
  }

  #applyDelta(frame: Extract<ReplicaFrame, { kind: 'delta' }>): void | Promise<void> {
    if (this.#version < 0) {
      this.#early.push(frame);
      return undefined;
    }
    if (frame.version <= this.#version) return undefined;
    const done = () => {
      this.#version = frame.version;
      this.#applied();
    };
    const result = this.#options.definition.applyDelta(this.#state, frame.data);
    return result instanceof Promise ? result.then(done) : done();
  }

  #applied(): void {
    const { name, version } = { name: this.name, version: this.#version };
    this.#options.send({ kind: 'applied', owner: name, incarnation: this.#incarnation, version });
  }

  #fail(error: unknown): void {
    const known = MagFlockError.from(error);
    if (this.#served) this.#options.broken(known);
    else this.#ready?.reject(known);
  }
}
