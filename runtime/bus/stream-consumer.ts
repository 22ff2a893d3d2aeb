import { AsyncLocalStorage } from 'node:async_hooks';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Pulled, StreamMember, StreamRecord, StreamStore } from './stream-store.ts';

export interface StreamConsumerOptions extends StreamMember {
  readonly store: StreamStore;
  /** Records pulled at a time. */
  readonly limit: number;
  readonly leaseMs: number;
  readonly pollMs: number;
  /** Tries of a record before it is given up. */
  readonly attempts: number;
  readonly retryMs: number;
  handle(record: StreamRecord): Promise<void>;
  /** A record failed too often and is passed over. */
  gaveUp(record: StreamRecord, error: MagFlockError): void;
  /** The store failed; it is tried again. */
  failed(error: unknown): void;
}

const detached = AsyncLocalStorage.snapshot();

/**
 * A member of a group at work: pulls, handles one record after the other, commits, pulls again. It takes no more
 * than it has handled: a slow one pulls less, and the others take the rest.
 */
export class StreamConsumer {
  readonly #options: StreamConsumerOptions;
  /** Failed tries of the record that a partition stands at. */
  readonly #tries = new Map<number, { readonly offset: number; readonly count: number }>();
  #closed = false;
  #rest: (() => void) | undefined;
  readonly #running: Promise<void>;

  constructor(options: StreamConsumerOptions) {
    this.#options = options;
    this.#running = detached(() => this.#run());
  }

  /** There may be new records. */
  wake(): void {
    this.#rest?.();
  }

  /** Pulls no more; resolves when what it handles now is committed. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#rest?.();
    await this.#running;
  }

  async #run(): Promise<void> {
    const { store, pollMs, failed, limit, leaseMs, stream, group, member, life } = this.#options;
    while (!this.#closed) {
      try {
        const pulled = await store.pull({ stream, group, member, life, limit, leaseMs });
        const rest = pulled.length === 0 ? pollMs : await this.#handle(pulled);
        if (rest > 0) await this.#wait(rest);
      } catch (error) {
        failed(error);
        await this.#wait(Math.max(pollMs, 250));
      }
    }
  }

  /** @returns milliseconds to rest before the next pull */
  async #handle(pulled: readonly Pulled[]): Promise<number> {
    const { store, stream, group, member, life, leaseMs } = this.#options;
    const until = Date.now() + leaseMs / 2;
    const offsets: { partition: number; offset: number }[] = [];
    let rest = 0;
    for (const { partition, records } of pulled) {
      let offset = (records[0]?.offset ?? 1) - 1;
      for (const record of records) {
        // What is left is pulled again, by whoever is quicker.
        if (this.#closed || Date.now() > until) break;
        const wait = await this.#try(partition, record);
        rest = Math.max(rest, wait);
        if (wait > 0) break;
        offset = record.offset;
      }
      offsets.push({ partition, offset });
    }
    await store.commit({ stream, group, member, life, offsets });
    return rest;
  }

  /** @returns 0 when the record is done with, else when to try it again */
  async #try(partition: number, record: StreamRecord): Promise<number> {
    const { attempts, retryMs, gaveUp } = this.#options;
    try {
      await this.#options.handle(record);
    } catch (error) {
      const known = this.#tries.get(partition);
      const count = known?.offset === record.offset ? known.count + 1 : 1;
      if (count < attempts) {
        this.#tries.set(partition, { offset: record.offset, count });
        return Math.min(30_000, retryMs * 2 ** (count - 1));
      }
      gaveUp(record, MagFlockError.from(error));
    }
    this.#tries.delete(partition);
    return 0;
  }

  #wait(milliseconds: number): Promise<void> {
    if (this.#closed) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.#rest?.(), milliseconds);
      timer.unref();
      this.#rest = () => {
        clearTimeout(timer);
        this.#rest = undefined;
        resolve();
      };
    });
  }
}
