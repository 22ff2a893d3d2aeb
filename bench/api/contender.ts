import { type ChildProcess, fork } from 'node:child_process';
import type { LoadResult } from '../support/load.ts';
import type { LoadProcess } from '../support/load-process.ts';
import { processCost } from '../support/process-cost.ts';
import type { Workload } from './workloads.ts';

/** One result of a contender, with what it cost its processes. */
export interface Sample extends LoadResult {
  readonly cpuMicrosPerRequest: number;
  readonly memoryMegabytes: number;
}

/** A server under measurement. */
export class Contender {
  readonly name: string;
  readonly #port: number;
  /** What stands before the path of a workload: `/rest/v1`. */
  readonly #prefix: string;
  readonly #headers: readonly string[];
  readonly #pids: readonly number[];
  readonly #children: readonly ChildProcess[];

  constructor(options: {
    readonly name: string;
    readonly port: number;
    readonly prefix?: string;
    readonly headers?: readonly string[];
    readonly pids: readonly number[];
    readonly children?: readonly ChildProcess[];
  }) {
    this.name = options.name;
    this.#port = options.port;
    this.#prefix = options.prefix ?? '';
    this.#headers = options.headers ?? [];
    this.#pids = options.pids;
    this.#children = options.children ?? [];
  }

  /**
   * Starts hand-written servers, one process each, on one port.
   * @param pool connections of each process
   */
  static async rival(
    name: string,
    databaseUrl: string,
    mode: 'bare' | 'rls',
    pool: number,
    processes = 1,
  ): Promise<Contender> {
    const children: ChildProcess[] = [];
    let port = 0;
    for (let index = 0; index < processes; index += 1) {
      const child = fork(
        new URL('./rivals/koa-pg-rest.process.ts', import.meta.url),
        [databaseUrl, String(port), String(pool), mode],
        { env: { ...process.env, NODE_ENV: 'production' } },
      );
      children.push(child);
      port = await new Promise<number>((resolve, reject) => {
        child.once('message', (message: { port: number }) => resolve(message.port));
        child.once('exit', (code) => reject(new Error(`a rival ended with ${code}`)));
      });
      child.removeAllListeners('exit');
    }
    return new Contender({ name, port, pids: children.map(({ pid }) => pid ?? 0), children });
  }

  /**
   * @param connections keep-alive connections
   * @throws when any answer is no success: a rate of refusals is no rate
   */
  async run(
    generator: LoadProcess,
    workload: Workload,
    load: { readonly durationMs: number; readonly connections: number; readonly ratePerSecond?: number },
  ): Promise<Sample> {
    const before = processCost([...this.#pids]);
    const result = await generator.run({
      host: '127.0.0.1',
      port: this.#port,
      headers: [...this.#headers, ...(workload.headers ?? [])],
      template: `${this.#prefix}${workload.path}`,
      keys: workload.keys,
      method: workload.method,
      ...(workload.body === undefined ? {} : { body: workload.body }),
      ...load,
    });
    if (Object.keys(result.failures).length > 0 || result.requests === 0) {
      throw new Error(
        `${this.name}, ${workload.name}: ${JSON.stringify(result.failures)} of ${result.requests}`,
      );
    }
    const after = processCost([...this.#pids]);
    return {
      ...result,
      cpuMicrosPerRequest: ((after.cpuSeconds - before.cpuSeconds) * 1e6) / result.requests,
      memoryMegabytes: after.memoryMegabytes,
    };
  }

  /** Ends its processes and waits until they are gone, so that the server has its connections back. */
  async stop(): Promise<void> {
    await Promise.all(
      this.#children.map(
        (child) =>
          new Promise<void>((resolve) => {
            if (child.exitCode !== null) return resolve();
            child.once('exit', () => resolve());
            child.kill();
          }),
      ),
    );
  }
}
