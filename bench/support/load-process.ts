import { type ChildProcess, fork } from 'node:child_process';
import type { LoadResult } from './load.ts';

export interface LoadOrder {
  readonly host: string;
  readonly port: number;
  readonly connections: number;
  readonly durationMs: number;
  readonly headers: readonly string[];
  readonly ratePerSecond?: number;
  readonly template: string;
  readonly keys: number;
  /** Default `GET`. */
  readonly method?: string;
  /** `{key}` is replaced as in the template. */
  readonly body?: string;
  /** One of them at random for each request: what stands before the path, and a header line. */
  readonly variants?: readonly { readonly prefix: string; readonly header: string }[];
}

/** Runs loads in one child process, so that the generator's garbage and timers are not the measured ones. */
export class LoadProcess {
  readonly #child: ChildProcess;

  constructor() {
    this.#child = fork(new URL('./load.process.ts', import.meta.url), { execArgv: [] });
  }

  run(order: LoadOrder): Promise<LoadResult> {
    return new Promise((resolve, reject) => {
      this.#child.once('message', (message: { result?: LoadResult; error?: string }) => {
        if (message.result === undefined)
          reject(new Error(message.error ?? 'the load generator gave no result'));
        else resolve(message.result);
      });
      this.#child.send(order);
    });
  }

  stop(): void {
    this.#child.kill();
  }
}
