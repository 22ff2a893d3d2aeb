import { createEndOfTick } from '../port/end-of-tick.ts';
import type { DurableEvents } from './durable-events.ts';
import type { Flow } from './flow.ts';
import { outboxEvent } from './outbox-event.ts';
import type { EventBatch } from './thread-events.ts';

/** A thread as the hub reaches it. */
export type Deliver = (batch: EventBatch) => void;

interface Subscribed {
  readonly deliver: Deliver;
  readonly flow: Flow | undefined;
  batch: unknown[];
  /** It was told of this once. */
  behind: boolean;
}

/**
 * The middle of the event bus, in the main thread: hands each event to the threads that have a subscriber for
 * it, one post per thread and tick.
 */
export class EventHub {
  /** Where events with durable subscribers are kept; undefined while there is no database. */
  durable: DurableEvents | undefined;
  readonly #interested = new Map<string, Set<string>>();
  readonly #threads = new Map<string, Subscribed>();
  readonly #flushLater = createEndOfTick(() => this.#flush());
  readonly #behind: (thread: string, name: string, first: boolean) => void;

  /** @param behind told of each event that a thread does not get because it takes none */
  constructor(behind: (thread: string, name: string, first: boolean) => void = () => {}) {
    this.#behind = behind;
  }

  /** @param flow bounds what is on its way to the thread; none for the main thread itself */
  addThread(thread: string, deliver: Deliver, flow?: Flow): void {
    this.#threads.set(thread, { deliver, flow, batch: [], behind: false });
  }

  removeThread(thread: string): void {
    this.#threads.delete(thread);
    for (const threads of this.#interested.values()) threads.delete(thread);
  }

  interest(thread: string, name: string, interested: boolean): void {
    const threads = this.#interested.get(name) ?? new Set();
    this.#interested.set(name, threads);
    if (interested) threads.add(thread);
    else threads.delete(thread);
    const kept = outboxEvent.kept(name);
    if (kept !== undefined && interested) this.durable?.want(kept);
  }

  emit(batch: EventBatch): void {
    const { durable } = this;
    for (let at = 0; at < batch.length; at += 2) {
      const name = batch[at] as string;
      if (durable?.wants(name) === true) durable.add(name, batch[at + 1]);
      const interested = this.#interested.get(name);
      if (interested === undefined) continue;
      for (const thread of interested) {
        const subscribed = this.#threads.get(thread);
        if (subscribed === undefined) continue;
        if (subscribed.flow?.full === true) {
          this.#behind(thread, name, !subscribed.behind);
          subscribed.behind = true;
          continue;
        }
        subscribed.behind = false;
        subscribed.flow?.sent();
        subscribed.batch.push(name, batch[at + 1]);
      }
    }
    this.#flushLater();
  }

  /** The outbox has new events of these names: their subscribers look. */
  filled(names: ReadonlySet<string>): void {
    this.emit([...names].flatMap((name) => [outboxEvent.of(name), null]));
  }

  #flush(): void {
    for (const thread of this.#threads.values()) {
      if (thread.batch.length === 0) continue;
      const { batch } = thread;
      thread.batch = [];
      thread.deliver(batch);
    }
  }
}
