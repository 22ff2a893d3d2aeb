import { AsyncLocalStorage } from 'node:async_hooks';
import type { Timers } from '../../runtime/actor/timers.ts';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { ChainWriter } from './chain-writer.ts';
import type { PendingEntry } from './pending-entry.ts';
import { retryDelay } from './retry-delay.ts';

interface Waiting {
  readonly entry: PendingEntry;
  readonly durable: () => void;
}

export interface EntryQueueNeeds {
  readonly writer: Pick<ChainWriter, 'append'>;
  readonly timers: Pick<Timers, 'after'>;
  readonly failed: (project: string, error: unknown, failures: number) => void;
}

/** Entries over all projects that may wait for the database. */
const limit = 10_000;
const batchEntries = 500;

/**
 * Entries that have no transaction of their own. The first goes to the database at once; those that come while it
 * is under way make the next batch, so the wait is one commit and there is no window to tune.
 */
export class EntryQueue {
  readonly #needs: EntryQueueNeeds;
  readonly #waiting = new Map<string, Waiting[]>();
  readonly #drains = new Set<Promise<void>>();
  // What drains serves many callers; it must not run under the deadline of the one that happened to start it.
  readonly #detached = AsyncLocalStorage.snapshot();
  #count = 0;

  constructor(needs: EntryQueueNeeds) {
    this.#needs = needs;
  }

  get length(): number {
    return this.#count;
  }

  /**
   * Resolves when the entry is durable, however long the database is away.
   * @throws MF503 when 10,000 entries wait already
   */
  append(project: string, entry: PendingEntry): Promise<void> {
    if (this.#count >= limit) {
      return Promise.reject(
        new MagFlockError('MF503', `${limit} audit entries wait for the database; this one is not kept.`),
      );
    }
    this.#count++;
    return new Promise((resolve) => {
      const waiting = this.#waiting.get(project);
      if (waiting !== undefined) waiting.push({ entry, durable: resolve });
      else {
        this.#waiting.set(project, [{ entry, durable: resolve }]);
        const drain = this.#detached(() => this.#drain(project)).finally(() => this.#drains.delete(drain));
        this.#drains.add(drain);
      }
    });
  }

  /** Resolves when nothing waits any more; never while the database is away. */
  async drained(): Promise<void> {
    while (this.#drains.size > 0) await Promise.all(this.#drains);
  }

  async #drain(project: string): Promise<void> {
    const waiting = this.#waiting.get(project)!;
    let failures = 0;
    // Let the messages of this turn join the first batch.
    await Promise.resolve();
    while (waiting.length > 0) {
      const batch = waiting.slice(0, batchEntries);
      try {
        await this.#needs.writer.append(
          project,
          batch.map(({ entry }) => entry),
        );
        failures = 0;
        waiting.splice(0, batch.length);
        this.#count -= batch.length;
        for (const { durable } of batch) durable();
      } catch (error) {
        failures++;
        this.#needs.failed(project, error, failures);
        await new Promise<void>((resolve) => this.#needs.timers.after(retryDelay(failures), resolve));
      }
    }
    this.#waiting.delete(project);
  }
}
