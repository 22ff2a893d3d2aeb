import { MagFlockError } from '../errors/magflock-error.ts';

/** Words of the shared memory. */
const busy = 0;
const closing = 1;

/** Longest time that somebody who ends a thread waits for its native code, milliseconds. */
const patienceMs = 2_000;

/** Sections of threads that run now, seen from the thread that ends them. */
const watched = new Set<NativeSection>();

/**
 * Keeps a thread from being ended while native code in it has work to hand back to JavaScript: an addon whose calls
 * into a terminated thread fail throws where nobody can catch, and that aborts the process (seen with
 * onnxruntime-node 1.30). The thread runs such code through `run`; who ends the thread calls `close` first.
 */
export class NativeSection {
  /** Of the thread that asks. */
  static readonly here: NativeSection = new NativeSection();

  /** To be handed to the thread that ends this one. */
  readonly memory: SharedArrayBuffer;
  readonly #words: Int32Array;
  #depth = 0;

  constructor(memory: SharedArrayBuffer = new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT)) {
    this.memory = memory;
    this.#words = new Int32Array(memory);
  }

  /**
   * Runs native code of this thread. Calls may overlap.
   * @throws MagFlockError MF601 when this thread is being ended
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    this.#enter();
    try {
      return await work();
    } finally {
      this.#leave();
    }
  }

  /** Other side: no native code begins any more; resolves when none runs, or after two seconds. */
  async close(): Promise<void> {
    Atomics.store(this.#words, closing, 1);
    const wait = Atomics.waitAsync(this.#words, busy, 1, patienceMs);
    if (wait.async) await wait.value;
  }

  /** Other side: closed when this process ends, too. @returns to be called when the thread has ended */
  closeOnExit(): () => void {
    if (watched.size === 0) process.on('exit', closeAll);
    watched.add(this);
    return () => {
      watched.delete(this);
      if (watched.size === 0) process.off('exit', closeAll);
    };
  }

  /** As `close`, but blocks: there is no waiting for promises at the end of a process. */
  closeNow(): void {
    Atomics.store(this.#words, closing, 1);
    Atomics.wait(this.#words, busy, 1, patienceMs);
  }

  #enter(): void {
    if (this.#depth === 0) {
      // First said, then asked: the other side does it the other way round, so one of the two sees it.
      Atomics.store(this.#words, busy, 1);
      if (Atomics.load(this.#words, closing) === 1) {
        this.#idle();
        throw new MagFlockError('MF601', 'the thread is being ended');
      }
    }
    this.#depth += 1;
  }

  #leave(): void {
    this.#depth -= 1;
    if (this.#depth === 0) this.#idle();
  }

  #idle(): void {
    Atomics.store(this.#words, busy, 0);
    Atomics.notify(this.#words, busy);
  }
}

function closeAll(): void {
  for (const section of watched) section.closeNow();
}
