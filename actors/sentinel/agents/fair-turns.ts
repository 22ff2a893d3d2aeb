import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

export interface FairTurnsNeeds {
  /** Milliseconds of a monotonic clock. */
  readonly now: () => number;
  /** Runs a callback later. */
  readonly after: (milliseconds: number, callback: () => void) => void;
  /** How long a piece of work may wait for its turn, milliseconds. */
  readonly patienceMs: () => number;
}

/** Work that took less needs no rest after it. */
const shortMs = 5;

/**
 * One piece of work at a time, and after a long one a rest of the same length: workers that are shared with others
 * have at least half of their time for them, whatever is asked here and how often.
 */
export class FairTurns {
  readonly #needs: FairTurnsNeeds;
  readonly #waiting: (() => void)[] = [];
  #busy = false;

  constructor(needs: FairTurnsNeeds) {
    this.#needs = needs;
  }

  /**
   * @param work ends by itself in bounded time
   * @throws MF602 when its turn came too late; whatever the work throws
   */
  async take<T>(work: () => Promise<T>): Promise<T> {
    const { now, patienceMs } = this.#needs;
    const asked = now();
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#busy = true;
    const began = now();
    try {
      if (began - asked > patienceMs()) {
        throw new MagFlockError('MF602', 'Too many statements wait to be judged.');
      }
      return await work();
    } finally {
      this.#rest(now() - began);
    }
  }

  #rest(tookMs: number): void {
    if (tookMs < shortMs) this.#next();
    else this.#needs.after(tookMs, () => this.#next());
  }

  /** Stays busy where somebody waits, so that nobody who comes now takes the turn. */
  #next(): void {
    const first = this.#waiting.shift();
    if (first === undefined) this.#busy = false;
    else first();
  }
}
