import type { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import type { CallOptions, CallResult } from './tenant.ts';

/** A call whose answer has not come out of the cage. It stays one after its caller has given up. */
export class PendingCall {
  readonly options: CallOptions;
  readonly answer: Promise<CallResult>;
  #running: Set<AbortController> | undefined;
  #resolve!: (result: CallResult) => void;
  #reject!: (error: MagFlockError) => void;
  #settled = false;
  readonly #onAbort: (() => void) | undefined;

  /** @param onAbort the caller does not wait any more */
  constructor(options: CallOptions, onAbort: () => void) {
    this.options = options;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    if (options.signal !== undefined) {
      this.#onAbort = onAbort;
      options.signal.addEventListener('abort', onAbort, { once: true });
    }
  }

  /** Of its system calls under way. */
  get running(): Set<AbortController> {
    this.#running ??= new Set();
    return this.#running;
  }

  get settled(): boolean {
    return this.#settled;
  }

  resolve(result: CallResult): void {
    if (this.#settle()) this.#resolve(result);
  }

  reject(error: MagFlockError): void {
    if (this.#settle()) this.#reject(error);
  }

  #settle(): boolean {
    if (this.#settled) return false;
    this.#settled = true;
    if (this.#onAbort !== undefined) this.options.signal?.removeEventListener('abort', this.#onAbort);
    if (this.#running !== undefined) for (const controller of this.#running) controller.abort();
    return true;
  }
}
