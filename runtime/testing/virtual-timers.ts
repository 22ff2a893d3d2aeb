import type { Timers } from '../actor/timers.ts';
import { runAsJob } from './run-as-job.ts';

type Callback = () => void | Promise<void>;

interface Entry {
  at: number;
  readonly every: number | undefined;
  readonly callback: Callback;
}

/** Timers under test: time passes when the test says so, and not otherwise. */
export class VirtualTimers implements Timers {
  #now = 0;
  #entries: Entry[] = [];

  /** Milliseconds that have passed. */
  get now(): number {
    return this.#now;
  }

  get pending(): number {
    return this.#entries.length;
  }

  after(milliseconds: number, callback: Callback): () => void {
    return this.#add({ at: this.#now + milliseconds, every: undefined, callback });
  }

  every(milliseconds: number, callback: Callback): () => void {
    return this.#add({ at: this.#now + milliseconds, every: milliseconds, callback });
  }

  /**
   * Timers on this clock that belong to one incarnation of an actor: what fires is handed to its mailbox.
   * `pass` waits for what runs then, but not for an actor that is in the middle of a message.
   */
  of(enqueue: (job: Callback) => void): Timers & { close(): void } {
    const own = new Set<() => void>();
    const add = (make: (job: Callback) => () => void, callback: Callback): (() => void) => {
      const cancel = make(() => runAsJob(enqueue, callback));
      own.add(cancel);
      return cancel;
    };
    return {
      after: (milliseconds, callback) => add((job) => this.after(milliseconds, job), callback),
      every: (milliseconds, callback) => add((job) => this.every(milliseconds, job), callback),
      close: () => {
        for (const cancel of own) cancel();
      },
    };
  }

  /** Lets time pass; what is due runs in order, each waited for with what follows from it. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#entries.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = next.at;
      if (next.every === undefined) this.#entries = this.#entries.filter((entry) => entry !== next);
      else next.at += next.every;
      await next.callback();
      // What follows from it happens before the next: an answer that came in time is not late.
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
  }

  close(): void {
    this.#entries = [];
  }

  #add(entry: Entry): () => void {
    this.#entries.push(entry);
    return () => {
      this.#entries = this.#entries.filter((each) => each !== entry);
    };
  }
}
