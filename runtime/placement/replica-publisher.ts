import { MagFlockError } from '../errors/magflock-error.ts';
import type { ReplicaFrame } from './replica-frame.ts';

interface Subscriber {
  /** Its snapshot is on the way: it will acknowledge without needing the owner's attention again. */
  fed: boolean;
  applied: number;
}

export interface PublisherOptions {
  readonly owner: string;
  readonly incarnation: number;
  send(thread: string, frame: ReplicaFrame): void;
  /** Takes the state between two messages of the owner. */
  snapshot(atVersion: () => void): Promise<unknown>;
  /** A replica has not acknowledged in time; its thread is to be restarted. */
  late(thread: string): void;
}

/** Default time a replica gets to acknowledge. */
const acknowledgeMs = 5_000;

/**
 * The owner's side of replication, for one incarnation. Every change has a version; a replica that joins gets
 * the state as of a version and every later change behind it in the same port, so none is missed.
 */
export class ReplicaPublisher {
  readonly #options: PublisherOptions;
  readonly #subscribers = new Map<string, Subscriber>();
  readonly #waiting = new Set<() => void>();
  #version = 0;

  constructor(options: PublisherOptions) {
    this.#options = options;
  }

  get threads(): readonly string[] {
    return [...this.#subscribers.keys()];
  }

  onFrame(thread: string, frame: ReplicaFrame): void {
    if (frame.incarnation !== this.#options.incarnation) return;
    if (frame.kind === 'subscribe') void this.#feed(thread);
    if (frame.kind === 'applied') {
      const subscriber = this.#subscribers.get(thread);
      if (subscriber !== undefined) subscriber.applied = frame.version;
      this.#changed();
    }
  }

  /** The thread has ended: nobody waits for its replica any more. */
  threadDown(thread: string): void {
    if (this.#subscribers.delete(thread)) this.#changed();
  }

  /** The owner has ended; whoever waits for an acknowledgement is let go by its own error. */
  close(): void {
    this.#subscribers.clear();
    this.#changed();
  }

  async publish(
    delta: unknown,
    options: { readonly acknowledged?: boolean; readonly timeoutMs?: number } = {},
  ): Promise<void> {
    this.#version += 1;
    const version = this.#version;
    const { owner, incarnation, send } = this.#options;
    for (const thread of this.#subscribers.keys()) {
      send(thread, { kind: 'delta', owner, incarnation, version, data: delta });
    }
    if (options.acknowledged === true) {
      const behind = () =>
        [...this.#subscribers].filter(([, each]) => each.fed && each.applied < version).map(([name]) => name);
      await this.#until(behind, options.timeoutMs ?? acknowledgeMs);
    }
  }

  /** Resolves when these threads have the state of this incarnation; those that are late are reported. */
  async synchronise(threads: readonly string[], timeoutMs: number = acknowledgeMs): Promise<void> {
    const gone = new Set<string>();
    const missing = () =>
      threads.filter((thread) => !gone.has(thread) && (this.#subscribers.get(thread)?.applied ?? -1) < 0);
    await this.#until(missing, timeoutMs, (thread) => gone.add(thread));
  }

  async #feed(thread: string): Promise<void> {
    const subscriber: Subscriber = { fed: false, applied: -1 };
    this.#subscribers.set(thread, subscriber);
    const { owner, incarnation, send } = this.#options;
    let version = this.#version;
    try {
      const data = await this.#options.snapshot(() => {
        version = this.#version;
        subscriber.fed = true;
      });
      send(thread, { kind: 'snapshot', owner, incarnation, version, data });
    } catch (error) {
      this.#subscribers.delete(thread);
      const envelope = MagFlockError.from(error).toEnvelope();
      send(thread, { kind: 'no-snapshot', owner, incarnation, error: envelope });
      this.#changed();
    }
  }

  #changed(): void {
    for (const look of this.#waiting) look();
  }

  /** Waits until nobody is named any more. Those still named when the time is up are reported, then waited for:
   * their thread is killed, which takes them off the list. */
  #until(
    named: () => readonly string[],
    timeoutMs: number,
    onLate: (thread: string) => void = () => {},
  ): Promise<void> {
    if (named().length === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        for (const thread of named()) {
          onLate(thread);
          this.#options.late(thread);
        }
        look();
      }, timeoutMs);
      const look = () => {
        if (named().length > 0) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
    });
  }
}
