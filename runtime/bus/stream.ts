import { randomUUID } from 'node:crypto';
import type { ActorContext } from '../actor/actor-context.ts';
import { encoding } from '../persistence/encoding.ts';
import { storageStores } from '../persistence/storage-stores.ts';
import { StreamAppender } from './stream-appender.ts';
import { StreamConsumer } from './stream-consumer.ts';
import type { StreamFacts, StreamRecord, StreamStore } from './stream-store.ts';

/** A record with its value. */
export interface StreamItem<T> extends Omit<StreamRecord, 'value'> {
  readonly value: T;
}

export interface StreamOptions {
  /** Records beyond it are removed, whether they were consumed or not; default: everything is kept. */
  readonly retention?: { readonly maxAgeMs?: number; readonly maxBytes?: number };
  /** Milliseconds between two looks at the retention; default a minute. */
  readonly trimMs?: number;
  /** Where it is kept; default: the part `storage`. */
  readonly store?: StreamStore;
}

export interface ConsumeOptions {
  /** Name of this member of the group; default the path of the actor. */
  readonly member?: string;
  /** Records it holds at a time; default 256. */
  readonly limit?: number;
  /** Milliseconds for which they are its own; default 30,000. */
  readonly leaseMs?: number;
  /** Milliseconds between two looks when there is nothing; default 1,000. */
  readonly pollMs?: number;
  /** Tries of a record before it is passed over, with an error in the log; default 5. */
  readonly attempts?: number;
  /** Milliseconds before the second try; doubles; default 1,000. */
  readonly retryMs?: number;
}

/**
 * A durable stream as an actor uses it: ordered per key, replayable, read by groups that each see every record.
 * Everything it began ends with the incarnation.
 * @example
 * const metrics = new Stream<Sample>(context, 'metrics', { retention: { maxAgeMs: 86_400_000 } });
 * await metrics.append(sample.host, sample);
 * metrics.consume('alerts', async ({ value }) => check(value));
 */
export class Stream<T> {
  readonly name: string;
  readonly #context: ActorContext;
  readonly #store: StreamStore;
  readonly #appender: StreamAppender;
  readonly #consumers = new Set<StreamConsumer>();
  /** Of this object: what a former incarnation held is taken over at once. */
  readonly #life = randomUUID();

  /** @param name the same in every actor that uses it */
  constructor(context: ActorContext, name: string, options: StreamOptions = {}) {
    this.name = name;
    this.#context = context;
    this.#store = options.store ?? storageStores(context.part('storage')).stream;
    this.#appender = new StreamAppender(name, this.#store);
    const { retention, trimMs = 60_000 } = options;
    if (retention !== undefined) {
      context.timers.every(trimMs, async () => {
        await this.#store.trim({ stream: name, ...retention });
      });
    }
    context.signal.addEventListener('abort', () => void this.close(), { once: true });
  }

  /**
   * @param key records of one key stay in order
   * @returns the offset, when the record is durable
   * @throws MF603 when too many wait for the database, MF614 for a value that cannot be kept; what the store throws
   */
  async append(key: string, value: T): Promise<number> {
    const offset = await this.#appender.append(key, encoding.encode(value));
    for (const consumer of this.#consumers) consumer.wake();
    return offset;
  }

  /**
   * Hands each record to `handler` between messages of the actor, at least once, and in order for each key. Members
   * of one group share the records; one that is slow leaves more to the others.
   * @returns a function that ends it, when what is handled now is committed
   */
  consume(
    group: string,
    handler: (item: StreamItem<T>) => void | Promise<void>,
    options: ConsumeOptions = {},
  ): () => Promise<void> {
    const { log, path } = this.#context;
    const consumer = new StreamConsumer({
      store: this.#store,
      stream: this.name,
      group,
      member: options.member ?? path,
      life: this.#life,
      limit: options.limit ?? 256,
      leaseMs: options.leaseMs ?? 30_000,
      pollMs: options.pollMs ?? 1_000,
      attempts: options.attempts ?? 5,
      retryMs: options.retryMs ?? 1_000,
      handle: (record) => this.#handle(record, handler),
      gaveUp: ({ offset, key }, error) =>
        log.error({ err: error, stream: this.name, group, offset, key }, 'a record was passed over'),
      failed: (error) => log.warn({ err: error, stream: this.name, group }, 'the stream does not answer'),
    });
    this.#consumers.add(consumer);
    return () => {
      this.#consumers.delete(consumer);
      return consumer.close();
    };
  }

  /** Records after an offset, whatever groups have done. */
  async read(after: number, limit: number): Promise<readonly StreamItem<T>[]> {
    const records = await this.#store.read({ stream: this.name, after, limit });
    return records.map((record) => this.#item(record));
  }

  /** Has a group go on after this offset; 0 is the beginning. */
  seek(group: string, offset: number): Promise<void> {
    return this.#store.seek({ stream: this.name, group, offset });
  }

  facts(): Promise<StreamFacts> {
    return this.#store.facts({ stream: this.name });
  }

  async close(): Promise<void> {
    await this.#appender.idle();
    await Promise.all([...this.#consumers].map((consumer) => consumer.close()));
    this.#consumers.clear();
  }

  #item(record: StreamRecord): StreamItem<T> {
    return { ...record, value: encoding.decode(record.value) as T };
  }

  async #handle(record: StreamRecord, handler: (item: StreamItem<T>) => void | Promise<void>): Promise<void> {
    const { signal } = this.#context;
    const handled = Promise.withResolvers<void>();
    // The end of the incarnation leaves it open, and the record to the next one.
    const ended = () => handled.reject(signal.reason);
    signal.addEventListener('abort', ended, { once: true });
    if (signal.aborted) ended();
    this.#context.pipeToSelf(Promise.resolve(), async () => {
      try {
        handled.resolve(await handler(this.#item(record)));
      } catch (error) {
        handled.reject(error);
      }
    });
    try {
      await handled.promise;
    } finally {
      signal.removeEventListener('abort', ended);
    }
  }
}
