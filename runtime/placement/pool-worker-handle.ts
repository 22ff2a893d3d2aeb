import type { MessagePort, TransferListItem, Worker } from 'node:worker_threads';
import type { WorkerHandle } from './thread.ts';

/** A worker of a pool as `Thread` knows workers: its messages go over a port, since the pool has its own. */
export class PoolWorkerHandle implements WorkerHandle {
  readonly #worker: Worker;
  readonly #port: MessagePort;

  constructor(worker: Worker, port: MessagePort) {
    this.#worker = worker;
    this.#port = port;
    worker.once('exit', () => port.close());
  }

  on(event: 'message' | 'error', listener: (value: unknown) => void): this {
    if (event === 'message') this.#port.on('message', listener);
    else this.#worker.on('error', listener);
    return this;
  }

  once(event: 'exit', listener: (code: number) => void): this {
    this.#worker.once(event, listener);
    return this;
  }

  postMessage(value: unknown, transfer: readonly TransferListItem[] = []): void {
    this.#port.postMessage(value, transfer);
  }

  terminate(): Promise<number> {
    return this.#worker.terminate();
  }
}
