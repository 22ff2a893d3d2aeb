import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/** A pool that counts. */
export interface BudgetedPool {
  /** One more use of it. False when it was taken away meanwhile: ask for another. */
  begin(): boolean;
  end(): void;
  /** It has no connections any more. */
  release(): void;
}

interface Held {
  readonly evict: () => void;
  uses: number;
  /** Told to go, or gone. */
  over: boolean;
}

/**
 * How many pools all extensions of the machine have at the same time. A server has so many connections, and those of
 * the data API must be among them, however many extensions there are. The one that was used least recently makes room;
 * when all are in use, whoever comes waits.
 */
export class PoolBudget {
  readonly #most: number;
  /** The least recently used first. */
  readonly #held = new Set<Held>();
  readonly #waiting = new Set<() => void>();

  constructor(most: number) {
    this.#most = most;
  }

  /**
   * Makes room for a pool.
   * @param evict closes it, then calls `release`
   * @throws MF503 when there is no room before the signal is aborted
   */
  async take(evict: () => void, signal: AbortSignal): Promise<BudgetedPool> {
    while (this.#held.size >= this.#most) {
      const unused = [...this.#held].find(({ uses, over }) => uses === 0 && !over);
      if (unused !== undefined) {
        unused.over = true;
        unused.evict();
      }
      if (this.#held.size >= this.#most) await this.#change(signal);
    }
    const held: Held = { evict, uses: 0, over: false };
    this.#held.add(held);
    return {
      begin: () => {
        if (held.over) return false;
        held.uses += 1;
        this.#held.delete(held);
        this.#held.add(held);
        return true;
      },
      end: () => {
        held.uses -= 1;
        if (held.uses === 0) this.#wake();
      },
      release: () => {
        held.over = true;
        if (this.#held.delete(held)) this.#wake();
      },
    };
  }

  #wake(): void {
    const [first] = this.#waiting;
    first?.();
  }

  #change(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        this.#waiting.delete(woken);
        signal.removeEventListener('abort', aborted);
      };
      const woken = (): void => {
        leave();
        resolve();
      };
      const aborted = (): void => {
        leave();
        // Somebody else may have been woken for nothing.
        reject(new MagFlockError('MF503', 'All connections that extensions have are in use.'));
      };
      if (signal.aborted) {
        reject(new MagFlockError('MF503', 'All connections that extensions have are in use.'));
        return;
      }
      this.#waiting.add(woken);
      signal.addEventListener('abort', aborted, { once: true });
    });
  }
}
