import { AsyncLocalStorage } from 'node:async_hooks';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { StreamStore } from './stream-store.ts';

interface Waiting {
  readonly key: string;
  readonly value: Uint8Array;
  resolve(offset: number): void;
  reject(error: MagFlockError): void;
}

/** Records, and bytes, that may wait for the database; and records of one append. */
const mostRecords = 10_000;
const mostBytes = 16 * 1024 * 1024;
const batchRecords = 1_000;
const detached = AsyncLocalStorage.snapshot();

/** Appends to one stream: the first goes at once, those that come meanwhile share the next append. */
export class StreamAppender {
  readonly #stream: string;
  readonly #store: StreamStore;
  #waiting: Waiting[] = [];
  #bytes = 0;
  #running: Promise<void> | undefined;

  constructor(stream: string, store: StreamStore) {
    this.#stream = stream;
    this.#store = store;
  }

  /**
   * @returns the offset, when the record is durable
   * @throws MF603 when too many wait; what the store throws
   */
  append(key: string, value: Uint8Array): Promise<number> {
    const bytes = this.#bytes + value.byteLength;
    if (this.#waiting.length >= mostRecords || (bytes > mostBytes && this.#waiting.length > 0)) {
      const text = `${this.#waiting.length} records wait for stream ${this.#stream}`;
      return Promise.reject(new MagFlockError('MF603', text));
    }
    this.#bytes = bytes;
    return new Promise((resolve, reject) => {
      this.#waiting.push({ key, value, resolve, reject });
      this.#running ??= detached(() => this.#run());
    });
  }

  /** Resolves when nothing waits. */
  async idle(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // The records of this turn share the first append.
    await Promise.resolve();
    while (this.#waiting.length > 0) {
      const batch = this.#waiting.splice(0, batchRecords);
      for (const { value } of batch) this.#bytes -= value.byteLength;
      try {
        const records = batch.map(({ key, value }) => ({ key, value }));
        const { first } = await this.#store.append({ stream: this.#stream, records });
        for (const [index, { resolve }] of batch.entries()) resolve(first + index);
      } catch (error) {
        const known = MagFlockError.from(error);
        for (const { reject } of batch) reject(known);
      }
    }
    this.#running = undefined;
  }
}
