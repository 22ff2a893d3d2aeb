import { Deque } from './deque.ts';
import { LoopShare } from './loop-share.ts';

/** Something that has work and takes turns with others. */
export interface Runnable {
  /**
   * Runs at most `quantum` pieces of work.
   * @returns how many it ran
   */
  turn(quantum: number): number;
}

/** Messages of one actor before the next one has its turn. */
const quantum = 64;

/**
 * The actors of a thread that have work, in the order in which they got it. Each runs a quantum and goes to the
 * end of the queue, so that a busy one does not keep the others waiting (Erlang calls the same reductions).
 */
export class RunQueue {
  readonly #ready = new Deque<Runnable>();
  readonly #share = new LoopShare(() => this.#drain());
  #scheduled = false;

  add(runnable: Runnable): void {
    this.#ready.push(runnable);
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (this.#share.usedUp) this.#share.again();
    else queueMicrotask(this.#drain);
  }

  readonly #drain = (): void => {
    this.#share.begin();
    this.#scheduled = this.#run();
    this.#share.end();
  };

  /** @returns whether it goes on later */
  #run(): boolean {
    for (;;) {
      const next = this.#ready.shift();
      if (next === undefined) return false;
      try {
        this.#share.use(next.turn(quantum));
      } catch (error) {
        // Whoever it ends, it is not the turns of the others.
        queueMicrotask(() => {
          throw error;
        });
      }
      if (this.#share.usedUp && this.#ready.length > 0) {
        this.#share.again();
        return true;
      }
    }
  }
}
