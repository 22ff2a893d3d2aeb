import type { GuestIsolate } from './guest-isolate.ts';

/** How often it looks who is idle, milliseconds. */
const lookEveryMs = 1000;
/** One guest gives memory back at most this often: a few milliseconds of processor time each, milliseconds. */
const restEveryMs = 60_000;

interface Idler {
  /** Calls it had answered when it was looked at last. */
  calls: number;
  restedAt: number;
}

/** Makes idle isolates give back the memory that their start and their calls left behind, one after the other. */
export class IdleRest {
  readonly #idlers = new Map<GuestIsolate, Idler>();
  #timer: NodeJS.Timeout | undefined;

  add(isolate: GuestIsolate): void {
    this.#idlers.set(isolate, { calls: -1, restedAt: Number.NEGATIVE_INFINITY });
    this.#timer ??= setTimeout(() => this.#look(), lookEveryMs).unref();
  }

  delete(isolate: GuestIsolate): void {
    this.#idlers.delete(isolate);
  }

  async #look(): Promise<void> {
    for (const [isolate, idler] of [...this.#idlers]) {
      if (!this.#idlers.has(isolate)) continue;
      const { calls } = isolate.vitals();
      const now = performance.now();
      if (calls === idler.calls && now - idler.restedAt >= restEveryMs) {
        idler.restedAt = now;
        await isolate.rest();
      }
      idler.calls = calls;
    }
    this.#timer = this.#idlers.size === 0 ? undefined : setTimeout(() => this.#look(), lookEveryMs).unref();
  }
}
