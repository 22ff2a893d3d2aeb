/** What a thread does regularly, on one timer that does not keep it alive. */
export interface PulseOptions {
  readonly everyMs: number;
  onBeat(): void;
  onSecond(): void;
}

/** The pulse of a thread: shows others that its event loop turns. */
export class WatchdogPulse {
  readonly #options: PulseOptions;
  #timer: NodeJS.Timeout | undefined;
  #secondAt = 0;

  constructor(options: PulseOptions) {
    this.#options = options;
  }

  /** Milliseconds between two beats that are enough to notice `blockedMs`. */
  static everyMs(blockedMs: number): number {
    return blockedMs > 0 ? Math.min(250, Math.max(10, Math.floor(blockedMs / 4))) : 1_000;
  }

  start(): void {
    this.stop();
    this.#secondAt = performance.now();
    this.#timer = setInterval(() => this.#beat(), this.#options.everyMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  #beat(): void {
    this.#options.onBeat();
    const now = performance.now();
    if (now - this.#secondAt < 995) return;
    this.#secondAt = now;
    this.#options.onSecond();
  }
}
