import { MagFlockError } from '../errors/magflock-error.ts';

/** Lets a stop put an end to a hot swap of the same part, or wait for it where it cannot be undone any more. */
export class SwapGuard {
  /** Rejects when the swap is to be given up. Never resolves. */
  readonly aborted: Promise<never>;
  /** The next incarnation is in its place. */
  committed = false;
  readonly #part: string;
  readonly #over: Promise<void>;
  #reject: (reason: MagFlockError) => void = () => {};
  #end: () => void = () => {};

  constructor(part: string) {
    this.#part = part;
    this.aborted = new Promise((_resolve, reject) => {
      this.#reject = reject;
    });
    this.aborted.catch(() => {});
    this.#over = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  /** @returns resolves when nothing of the swap goes on any more */
  abort(): Promise<void> {
    if (!this.committed) this.#reject(new MagFlockError('MF642', `${this.#part} is being stopped`));
    return this.#over;
  }

  end(): void {
    this.#end();
  }
}
