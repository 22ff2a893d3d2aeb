import { availableParallelism } from 'node:os';

/**
 * Bounds the isolates that run beside the main thread at the same time to the threads that isolated-vm has for them:
 * one more would wait there without a clock.
 */
export class AsyncLanes {
  readonly #waiting: (() => void)[] = [];
  #free: number;

  constructor(lanes: number = availableParallelism() + 1) {
    this.#free = lanes;
  }

  /** Runs `work` when a lane is free; the lane is held until its promise settles. */
  run(work: () => Promise<void>): void {
    if (this.#free === 0) {
      this.#waiting.push(() => this.run(work));
      return;
    }
    this.#free -= 1;
    void work().finally(() => {
      this.#free += 1;
      this.#waiting.shift()?.();
    });
  }
}
