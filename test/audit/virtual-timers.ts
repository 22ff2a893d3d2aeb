/** Timers whose time passes only when a test says so. */
export class VirtualTimers {
  now = 1_000_000;
  readonly #waiting = new Set<{ at: number; callback: () => void | Promise<void> }>();

  readonly after = (milliseconds: number, callback: () => void | Promise<void>): (() => void) => {
    const timer = { at: this.now + milliseconds, callback };
    this.#waiting.add(timer);
    return () => this.#waiting.delete(timer);
  };

  get pending(): number {
    return this.#waiting.size;
  }

  /** Lets `milliseconds` pass, running what falls due in order, and what that sets in motion. */
  async pass(milliseconds: number): Promise<void> {
    const until = this.now + milliseconds;
    for (;;) {
      await new Promise((resolve) => setImmediate(resolve));
      const [next] = [...this.#waiting].filter(({ at }) => at <= until).sort((a, b) => a.at - b.at);
      if (next === undefined) break;
      this.#waiting.delete(next);
      this.now = Math.max(this.now, next.at);
      void next.callback();
    }
    this.now = until;
  }
}
