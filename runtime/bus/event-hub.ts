import { createEndOfTick } from '../port/end-of-tick.ts';
import type { EventBatch } from './thread-events.ts';

/** A thread as the hub reaches it. */
export type Deliver = (batch: EventBatch) => void;

/**
 * The middle of the event bus, in the main thread: hands each event to the threads that have a subscriber for
 * it, one post per thread and tick.
 */
export class EventHub {
  readonly #interested = new Map<string, Set<string>>();
  readonly #threads = new Map<string, { readonly deliver: Deliver; batch: unknown[] }>();
  readonly #flushLater = createEndOfTick(() => this.#flush());

  addThread(thread: string, deliver: Deliver): void {
    this.#threads.set(thread, { deliver, batch: [] });
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
  }

  emit(batch: EventBatch): void {
    for (let at = 0; at < batch.length; at += 2) {
      const interested = this.#interested.get(batch[at] as string);
      if (interested === undefined) continue;
      for (const thread of interested) this.#threads.get(thread)?.batch.push(batch[at], batch[at + 1]);
    }
    this.#flushLater();
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
