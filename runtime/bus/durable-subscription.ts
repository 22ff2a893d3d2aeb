import { AsyncLocalStorage } from 'node:async_hooks';
import { MagFlockError } from '../errors/magflock-error.ts';
import { patiently } from '../persistence/patiently.ts';
import type { EventDelivery } from './event-port.ts';
import type { Delivery, OutboxStore } from './outbox-store.ts';

export interface DurableSubscriptionOptions {
  /** Stable name of the subscriber. */
  readonly subscriber: string;
  readonly event: string;
  readonly store: OutboxStore;
  readonly attempts: number;
  readonly retryMs: number;
  handler(payload: unknown, delivery: EventDelivery): void | Promise<void>;
  /** Has the handler run between messages of its actor; resolves false when the actor has ended instead. */
  run(job: () => Promise<void>): Promise<boolean>;
  /** An event was given up. */
  undelivered(error: MagFlockError): void;
  /** The store failed; it is tried again. */
  failed(error: unknown): void;
}

/** Deliveries taken at a time. */
const page = 100;
/** Milliseconds after which the outbox is looked at without being told; longest wait between two tries. */
const pollMs = 30_000;
const mostRetryMs = 60_000;
/** A timer may fire before the store thinks it is time, which would put the next look off until the next poll. */
const slackMs = 10;
/** Events remembered that were handled but could not be acknowledged yet. */
const mostHandled = 10_000;
const detached = AsyncLocalStorage.snapshot();

/**
 * One durable subscriber at work: takes what is due from the outbox, hands it to the actor one after the other and
 * acknowledges. It takes no more than it has handled, so a slow one is not flooded.
 */
export class DurableSubscription {
  readonly #options: DurableSubscriptionOptions;
  readonly #handled = new Set<string>();
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #working = false;
  #again = false;
  #failures = 0;
  /** Handled, to be acknowledged. */
  #done: string[] = [];
  #acknowledging: Promise<void> | undefined;
  #unacknowledged: unknown;

  constructor(options: DurableSubscriptionOptions) {
    this.#options = options;
  }

  /** Resolves when the store keeps events for this subscriber. */
  async start(): Promise<void> {
    const { store, subscriber, event } = this.#options;
    await patiently(this.#stopping.signal, () => store.subscribe({ subscriber, event }));
    this.wake();
  }

  /** There may be something to take. */
  wake(): void {
    this.#again = true;
    if (this.#working || this.#stopping.signal.aborted) return;
    this.#working = true;
    clearTimeout(this.#timer);
    detached(() => void this.#work());
  }

  close(): void {
    this.#stopping.abort();
    clearTimeout(this.#timer);
  }

  async forget(): Promise<void> {
    this.close();
    await this.#options.store.unsubscribe({ subscriber: this.#options.subscriber });
  }

  async #work(): Promise<void> {
    let wait = pollMs;
    try {
      while (this.#again && !this.#stopping.signal.aborted) {
        this.#again = false;
        wait = Math.min(wait, await this.#page());
      }
      this.#failures = 0;
    } catch (error) {
      this.#failures += 1;
      wait = Math.min(pollMs, 250 * 2 ** this.#failures);
      this.#options.failed(error);
    }
    this.#working = false;
    if (this.#stopping.signal.aborted) return;
    if (this.#again && this.#failures === 0) this.wake();
    else {
      this.#timer = setTimeout(() => this.wake(), wait + slackMs);
      this.#timer.unref();
    }
  }

  /** @returns milliseconds until something that failed is due again */
  async #page(): Promise<number> {
    const { store, subscriber } = this.#options;
    const due = await store.take({ subscriber, limit: page });
    let wait = pollMs;
    for (const delivery of due) {
      const retryMs = this.#handled.has(delivery.id) ? undefined : await this.#deliver(delivery);
      if (retryMs === 'ended') break;
      if (typeof retryMs === 'number') wait = Math.min(wait, retryMs);
      else if (retryMs === undefined) {
        this.#remember(delivery.id);
        this.#done.push(delivery.id);
        // While the next one runs: a crash then repeats little of what was handled.
        this.#acknowledging ??= this.#acknowledge();
      }
    }
    await this.#acknowledging;
    if (this.#unacknowledged !== undefined) {
      const error = this.#unacknowledged;
      this.#unacknowledged = undefined;
      throw error;
    }
    if (due.length === page) this.#again = true;
    return wait;
  }

  async #acknowledge(): Promise<void> {
    const { store, subscriber } = this.#options;
    try {
      while (this.#done.length > 0) {
        const ids = this.#done.splice(0);
        await store.acknowledge({ subscriber, ids });
        for (const id of ids) this.#handled.delete(id);
      }
    } catch (error) {
      // They come again, are not run again, and are acknowledged then.
      this.#done = [];
      this.#unacknowledged = error;
    }
    this.#acknowledging = undefined;
  }

  /** @returns undefined when it is done, else when it is due again; null: never */
  async #deliver(delivery: Delivery): Promise<number | null | undefined | 'ended'> {
    const { handler, store, subscriber, attempts, run, undelivered } = this.#options;
    const attempt = delivery.attempts + 1;
    let failure: unknown;
    let failed = false;
    const ran = await run(async () => {
      try {
        const { id, at } = delivery;
        await handler(JSON.parse(delivery.payload), { id, at, attempt });
      } catch (error) {
        failed = true;
        failure = error;
      }
    });
    if (!ran || this.#stopping.signal.aborted) return 'ended';
    if (!failed) return undefined;
    const error = MagFlockError.from(failure);
    const last = attempt >= attempts;
    const full = Math.min(mostRetryMs, this.#options.retryMs * 2 ** delivery.attempts);
    // Half of it is random, so that subscribers do not come back in step.
    const retryMs = last ? null : Math.ceil(full / 2 + (full / 2) * Math.random());
    await store.fail({ subscriber, id: delivery.id, error: `${error.code}: ${error.message}`, retryMs });
    if (last) undelivered(error);
    return retryMs;
  }

  #remember(id: string): void {
    this.#handled.add(id);
    if (this.#handled.size <= mostHandled) return;
    for (const oldest of this.#handled) {
      this.#handled.delete(oldest);
      return;
    }
  }
}
