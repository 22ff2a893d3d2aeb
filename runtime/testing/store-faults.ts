import { MagFlockError } from '../errors/magflock-error.ts';

interface Failure {
  readonly method: string;
  readonly error: unknown;
  /** The store did it, only the answer was lost. */
  readonly done: boolean;
  left: number;
}

/** Makes a store fail, slow or repeat itself, where a test wants it. */
export class StoreFaults {
  /** Every call fails with this. */
  down: MagFlockError | undefined;
  /** Methods whose requests arrive twice. */
  readonly repeated = new Set<string>();
  /** Calls so far, by method. */
  readonly calls = new Map<string, number>();
  readonly #failures: Failure[] = [];
  readonly #held = new Map<string, PromiseWithResolvers<void>>();

  /** The next calls of this method fail. */
  fail(method: string, options: { times?: number; error?: unknown; done?: boolean } = {}): void {
    const error = options.error ?? new MagFlockError('MF503', 'the database is away');
    this.#failures.push({ method, error, done: options.done === true, left: options.times ?? 1 });
  }

  /** Calls of this method wait until the function that is returned is called. */
  hold(method: string): () => void {
    const held = Promise.withResolvers<void>();
    this.#held.set(method, held);
    return () => {
      this.#held.delete(method);
      held.resolve();
    };
  }

  /** The same store, with these faults. */
  wrap<Store extends object>(store: Store): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const method = (target as Record<string | symbol, unknown>)[name];
        if (typeof method !== 'function' || typeof name !== 'string') return method;
        return (request: unknown) => this.#call(name, () => method.call(target, request) as Promise<unknown>);
      },
    });
  }

  async #call(method: string, run: () => Promise<unknown>): Promise<unknown> {
    this.calls.set(method, (this.calls.get(method) ?? 0) + 1);
    await this.#held.get(method)?.promise;
    if (this.down !== undefined) throw this.down;
    const failure = this.#failures.find((each) => each.method === method && each.left > 0);
    if (failure !== undefined) {
      failure.left -= 1;
      if (failure.done) await run();
      throw failure.error;
    }
    if (this.repeated.has(method)) await run();
    return run();
  }
}
