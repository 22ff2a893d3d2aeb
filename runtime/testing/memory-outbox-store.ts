import type { Delivery, OutboxEvent, OutboxStore, UndeliveredEvent } from '../bus/outbox-store.ts';

interface Waiting {
  readonly event: OutboxEvent;
  readonly subscriber: string;
  attempts: number;
  dueAt: number;
  error: string;
  dead: boolean;
}

/** An outbox in memory, for tests: as durable as this object. */
export class MemoryOutboxStore implements OutboxStore {
  /** Milliseconds since the epoch; a test may let it stand still. */
  now: () => number = Date.now;
  readonly #subscriptions = new Map<string, Set<string>>();
  readonly #events = new Map<string, { readonly event: OutboxEvent; readonly putAt: number }>();
  #waiting: Waiting[] = [];

  async subscribe({ subscriber, event }: { readonly subscriber: string; readonly event: string }) {
    this.#subscriptions.set(subscriber, (this.#subscriptions.get(subscriber) ?? new Set()).add(event));
  }

  async unsubscribe({ subscriber }: { readonly subscriber: string }): Promise<void> {
    this.#subscriptions.delete(subscriber);
    this.#waiting = this.#waiting.filter((each) => each.subscriber !== subscriber);
  }

  async names(): Promise<readonly string[]> {
    return [...new Set([...this.#subscriptions.values()].flatMap((names) => [...names]))].sort();
  }

  async put({ events }: { readonly events: readonly OutboxEvent[] }): Promise<void> {
    for (const event of events) {
      if (this.#events.has(event.id)) continue;
      this.#events.set(event.id, { event, putAt: this.now() });
      for (const [subscriber, names] of this.#subscriptions) {
        if (!names.has(event.name)) continue;
        this.#waiting.push({ event, subscriber, attempts: 0, dueAt: this.now(), error: '', dead: false });
      }
    }
  }

  async take(request: { readonly subscriber: string; readonly limit: number }): Promise<readonly Delivery[]> {
    return this.#waiting
      .filter((each) => each.subscriber === request.subscriber && !each.dead && each.dueAt <= this.now())
      .slice(0, request.limit)
      .map(({ event, attempts }) => ({ ...event, attempts }));
  }

  async acknowledge(request: { readonly subscriber: string; readonly ids: readonly string[] }) {
    this.#waiting = this.#waiting.filter(
      ({ subscriber, event }) => subscriber !== request.subscriber || !request.ids.includes(event.id),
    );
  }

  async fail(request: {
    readonly subscriber: string;
    readonly id: string;
    readonly error: string;
    readonly retryMs: number | null;
  }): Promise<void> {
    const { subscriber, id, error, retryMs } = request;
    const failed = this.#waiting.find((each) => each.subscriber === subscriber && each.event.id === id);
    if (failed === undefined) return;
    failed.attempts += 1;
    failed.error = error;
    failed.dead = retryMs === null;
    failed.dueAt = this.now() + (retryMs ?? 0);
  }

  async undelivered({ limit }: { readonly limit: number }): Promise<readonly UndeliveredEvent[]> {
    return this.#waiting
      .filter(({ dead }) => dead)
      .reverse()
      .slice(0, limit)
      .map(({ event, subscriber, attempts, error }) => ({ ...event, subscriber, attempts, error }));
  }

  async replay({ id }: { readonly id: string }): Promise<{ readonly subscribers: number }> {
    const dead = this.#waiting.filter((each) => each.dead && each.event.id === id);
    for (const each of dead) {
      each.dead = false;
      each.attempts = 0;
      each.dueAt = this.now();
    }
    return { subscribers: dead.length };
  }

  async discard(): Promise<{ readonly removed: number }> {
    const before = this.#waiting.length;
    this.#waiting = this.#waiting.filter(({ dead }) => !dead);
    return { removed: before - this.#waiting.length };
  }

  async sweep(request: {
    readonly keepMs: number;
    readonly mostPerSubscriber: number;
  }): Promise<{ readonly dropped: number }> {
    const before = this.#waiting.length;
    for (const subscriber of new Set(this.#waiting.map((each) => each.subscriber))) {
      const own = this.#waiting.filter((each) => each.subscriber === subscriber);
      const surplus = new Set(own.slice(0, Math.max(0, own.length - request.mostPerSubscriber)));
      this.#waiting = this.#waiting.filter((each) => !surplus.has(each));
    }
    const wanted = new Set(this.#waiting.map(({ event }) => event.id));
    for (const [id, { putAt }] of this.#events) {
      if (!wanted.has(id) && putAt <= this.now() - request.keepMs) this.#events.delete(id);
    }
    return { dropped: before - this.#waiting.length };
  }
}
