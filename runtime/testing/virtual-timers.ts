import type { Timers } from '../actor/timers.ts';

interface Entry {
  at: number;
  readonly every: number | undefined;
  readonly callback: () => void | Promise<void>;
}

/** Timers of an actor under test: time passes when the test says so, and not otherwise. */
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

  after(milliseconds: number, callback: () => void | Promise<void>): () => void {
    return this.#add({ at: this.#now + milliseconds, every: undefined, callback });
  }

  every(milliseconds: number, callback: () => void | Promise<void>): () => void {
    return this.#add({ at: this.#now + milliseconds, every: milliseconds, callback });
  }

  /** Lets time pass; what is due runs in order, each waited for. */
  async pass(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds;
    for (;;) {
      const [next] = this.#entries.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#now = next.at;
      if (next.every === undefined) this.#entries = this.#entries.filter((entry) => entry !== next);
      else next.at += next.every;
      await next.callback();
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
