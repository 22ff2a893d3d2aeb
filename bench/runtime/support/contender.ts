import { type ChildProcess, fork } from 'node:child_process';

/** What a contender's process answers to an order. */
export interface Answer {
  readonly value?: unknown;
  readonly error?: string;
}

/** One framework in a process of its own; idle, and so costing nothing, while another has its turn. */
export class Contender {
  readonly name: string;
  readonly #child: ChildProcess;
  #fail: ((error: Error) => void) | undefined;
  #ended: Error | undefined;

  /**
   * @param file a `*.process.ts` that ends with `serveMeasures(...)`
   * @param options `args` for its command line, `flags` for its Node
   */
  constructor(
    name: string,
    file: URL,
    options: { readonly args?: readonly string[]; readonly flags?: readonly string[] } = {},
  ) {
    this.name = name;
    this.#child = fork(file, options.args ?? [], {
      execArgv: [...process.execArgv, ...(options.flags ?? [])],
      env: { ...process.env, NODE_ENV: 'production' },
      // Standard output belongs to the figures.
      stdio: ['ignore', 2, 2, 'ipc'],
    });
    this.#child.once('exit', (code, signal) => {
      this.#ended = new Error(`${name} ended with ${code ?? signal} before it answered`);
      this.#fail?.(this.#ended);
    });
  }

  /** Has it measure once. @param parameters JSON */
  measure<T = number>(measure: string, parameters: unknown = null): Promise<T> {
    if (this.#ended !== undefined) return Promise.reject(this.#ended);
    return new Promise<T>((resolve, reject) => {
      this.#fail = reject;
      this.#child.once('message', ({ value, error }: Answer) => {
        this.#fail = undefined;
        if (error === undefined) resolve(value as T);
        else reject(new Error(`${this.name}, ${measure}: ${error}`));
      });
      this.#child.send({ measure, parameters });
    });
  }

  /** Lets it clean up and waits for its end. */
  async stop(): Promise<void> {
    if (this.#ended !== undefined) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    const timer = setTimeout(() => this.#child.kill('SIGKILL'), 3_000);
    if (this.#child.connected) this.#child.disconnect();
    await ended;
    clearTimeout(timer);
  }
}
