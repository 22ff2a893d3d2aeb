import type { Job } from './mailbox.ts';
import type { Timers } from './timers.ts';

/** Timers of one incarnation. What fires becomes a job of the actor's mailbox, so it runs between messages. */
export class ActorTimers implements Timers {
  readonly #enqueue: (job: Job) => void;
  readonly #active = new Set<NodeJS.Timeout>();
  #closed = false;

  /** @param enqueue hands a job to the actor's mailbox */
  constructor(enqueue: (job: Job) => void) {
    this.#enqueue = enqueue;
  }

  after(milliseconds: number, callback: () => void | Promise<void>): () => void {
    if (this.#closed) return () => {};
    const timer = setTimeout(() => {
      this.#active.delete(timer);
      let cancelled = false;
      cancel = () => {
        cancelled = true;
      };
      this.#enqueue(() => (cancelled || this.#closed ? undefined : callback()));
    }, milliseconds);
    this.#active.add(timer);
    let cancel = () => {
      clearTimeout(timer);
      this.#active.delete(timer);
    };
    return () => cancel();
  }

  every(milliseconds: number, callback: () => void | Promise<void>): () => void {
    if (this.#closed) return () => {};
    let busy = false;
    let cancelled = false;
    const timer = setInterval(() => {
      if (busy) return;
      busy = true;
      this.#enqueue(async () => {
        try {
          if (!cancelled && !this.#closed) await callback();
        } finally {
          busy = false;
        }
      });
    }, milliseconds);
    this.#active.add(timer);
    return () => {
      cancelled = true;
      clearInterval(timer);
      this.#active.delete(timer);
    };
  }

  /** Ends all timers; what has fired but not run yet does not run. */
  close(): void {
    this.#closed = true;
    for (const timer of this.#active) clearTimeout(timer);
    this.#active.clear();
  }
}
