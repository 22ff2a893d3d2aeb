import { Worker } from 'node:worker_threads';
import { MagFlockError } from '../errors/magflock-error.ts';
import { moduleUrl } from './module-url.ts';
import type { FromThread, ThreadBirth, ThreadOrders, ToSpare, ToThread } from './thread-control.ts';

/** Why a thread ended. */
export interface ThreadExit {
  readonly reason: 'normal' | 'crash' | 'killed';
  readonly detail: string;
}

/** What a thread needs of the worker it runs in. */
export interface WorkerHandle {
  // biome-ignore lint/suspicious/noExplicitAny: as Node declares it
  on(event: 'message' | 'error', listener: (value: any) => void): unknown;
  once(event: 'exit', listener: (code: number) => void): unknown;
  postMessage(value: unknown, transfer?: readonly import('node:worker_threads').MessagePort[]): void;
  terminate(): Promise<unknown>;
}

export interface ThreadOptions {
  readonly birth: ThreadBirth;
  readonly heapMegabytes: number | undefined;
  /** A thread that waits for a name (`SpareThread`): it becomes this one. */
  readonly spare?: WorkerHandle | undefined;
  onMessage(message: Exclude<FromThread, { kind: 'done' | 'failed' }>): void;
  /** Called once, after everything the thread had posted was received. */
  onExit(exit: ThreadExit): void;
}

interface Waiting {
  resolve(value: unknown): void;
  reject(error: MagFlockError): void;
}

/** One incarnation of a worker thread, as the main thread sees it. */
export class Thread {
  readonly name: string;
  readonly incarnation: number;
  readonly exited: Promise<void>;
  readonly #worker: WorkerHandle;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 0;
  #error: Error | undefined;
  #killed = false;
  #ended = false;

  constructor(options: ThreadOptions) {
    const { birth, spare } = options;
    this.name = birth.thread;
    this.incarnation = birth.incarnation;
    this.#worker = spare ?? newWorker(birth, options.heapMegabytes);
    spare?.postMessage({ kind: 'assume', birth } satisfies ToSpare);
    this.#worker.on('message', (message: FromThread) => {
      if (message.kind === 'done') this.#take(message.id)?.resolve(message.value);
      else if (message.kind === 'failed')
        this.#take(message.id)?.reject(MagFlockError.fromEnvelope(message.error));
      else options.onMessage(message);
    });
    // Uncaught exception, unhandled rejection or ERR_WORKER_OUT_OF_MEMORY; `exit` follows.
    this.#worker.on('error', (error: unknown) => {
      this.#error = error instanceof Error ? error : new Error(String(error));
    });
    this.exited = new Promise((resolve) => {
      this.#worker.once('exit', (code) => {
        this.#ended = true;
        const exit = this.#exitOf(code);
        const error = new MagFlockError('MF601', `thread ${this.name} ended: ${exit.detail}`, {
          details: { thread: this.name },
        });
        for (const waiting of this.#waiting.values()) waiting.reject(error);
        this.#waiting.clear();
        options.onExit(exit);
        resolve();
      });
    });
  }

  get ended(): boolean {
    return this.#ended;
  }

  send(message: ToThread, transfer: readonly import('node:worker_threads').MessagePort[] = []): void {
    if (!this.#ended) this.#worker.postMessage(message, transfer);
  }

  /** Has an order carried out. Throws the thread's error, MF601 when the thread ends, MF602 after `timeoutMs`. */
  order<O extends keyof ThreadOrders>(
    order: O,
    request: Parameters<ThreadOrders[O]>[0],
    timeoutMs: number,
  ): Promise<ReturnType<ThreadOrders[O]>> {
    if (this.#ended) {
      return Promise.reject(new MagFlockError('MF601', `thread ${this.name} has ended`));
    }
    const id = ++this.#nextId;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(id);
        reject(new MagFlockError('MF602', `thread ${this.name} did not ${order} within ${timeoutMs} ms`));
      }, timeoutMs);
      this.#waiting.set(id, {
        resolve: (value) => {
          clearTimeout(timer);
          resolve(value as ReturnType<ThreadOrders[O]>);
        },
        reject: (error) => {
          clearTimeout(timer);
          reject(error);
        },
      });
      try {
        this.#worker.postMessage({ kind: 'order', id, order, request } satisfies ToThread);
      } catch (cause) {
        const error = new MagFlockError('MF614', `the arguments of ${order} cannot cross to a thread`, {
          cause,
        });
        this.#take(id)?.reject(error);
      }
    });
  }

  /** Ends the thread whatever it does. */
  async kill(): Promise<void> {
    this.#killed = true;
    await this.#worker.terminate();
    await this.exited;
  }

  #take(id: number): Waiting | undefined {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    return waiting;
  }

  #exitOf(code: number): ThreadExit {
    if (this.#error !== undefined) {
      const name = (this.#error as Error & { code?: string }).code ?? this.#error.name;
      return { reason: 'crash', detail: `${name}: ${this.#error.message}` };
    }
    if (this.#killed) return { reason: 'killed', detail: 'terminated by its supervisor' };
    if (code === 0) return { reason: 'normal', detail: 'ended by itself' };
    return { reason: 'crash', detail: `exit code ${code}` };
  }
}

function newWorker(birth: ThreadBirth, heapMegabytes: number | undefined): Worker {
  return new Worker(moduleUrl('./thread.worker', import.meta.url), {
    name: birth.thread,
    workerData: birth,
    ...(heapMegabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
  });
}
