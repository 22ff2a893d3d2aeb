/** Threads with subscribers, and subscribers in each. */
export const threads = 4;
export const subscribersPerThread = 250;

/** What each publication carries. */
export interface News {
  readonly number: number;
  readonly text: string;
}

/** Deliveries, counted in shared memory in the same way for every contender. */
export class Receipts {
  readonly memory: SharedArrayBuffer;
  readonly #delivered: Int32Array;
  /** In this thread since the last report. */
  #here = 0;

  /** @param memory of the publisher's receipts, in the threads of the subscribers */
  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(4)) {
    this.memory = memory;
    this.#delivered = new Int32Array(memory);
  }

  /** A subscriber has got a publication. */
  count(): void {
    this.#here += 1;
    // Every publication ends with all subscribers of the thread, so nothing is left uncounted.
    if (this.#here < subscribersPerThread) return;
    this.#here = 0;
    Atomics.add(this.#delivered, 0, subscribersPerThread);
    Atomics.notify(this.#delivered, 0);
  }

  /** Resolves when every subscriber has got this many publications, and begins anew. */
  async complete(publications: number): Promise<void> {
    const wanted = publications * threads * subscribersPerThread;
    for (;;) {
      const now = Atomics.load(this.#delivered, 0);
      if (now === wanted) break;
      if (now > wanted) throw new Error(`${now} deliveries instead of ${wanted}`);
      const { async, value } = Atomics.waitAsync(this.#delivered, 0, now, 5_000);
      if (async && (await value) === 'timed-out') throw new Error(`${now} of ${wanted} deliveries`);
    }
    Atomics.store(this.#delivered, 0, 0);
  }
}
