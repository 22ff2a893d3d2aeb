import { Worker } from 'node:worker_threads';
import { moduleUrl } from './module-url.ts';
import type { ToSpare } from './thread-control.ts';

/**
 * One worker thread that has loaded the runtime and waits: a part whose thread crashes takes it, which saves most
 * of the time a start takes. It is made when nothing has happened for a while, so that neither boot nor recovery
 * shares the processor with it, and it does not keep the process alive.
 */
export class SpareThread {
  readonly #quietMs: number;
  readonly #preloaded = new Set<string>();
  #worker: Worker | undefined;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  /** @param quietMs milliseconds without a crash before one is made */
  constructor(quietMs: number) {
    this.#quietMs = quietMs;
  }

  /** Something has happened; a spare is wanted once it is quiet. */
  want(): void {
    clearTimeout(this.#timer);
    if (this.#closed || this.#worker !== undefined) return;
    this.#timer = setTimeout(() => this.#make(), this.#quietMs);
    this.#timer.unref();
  }

  /** Modules of parts that have crashed: they may do so again, and then this one has them. */
  preload(modules: readonly string[]): void {
    const fresh = modules.filter((href) => !this.#preloaded.has(href));
    for (const href of fresh) this.#preloaded.add(href);
    this.#worker?.postMessage({ kind: 'preload', modules: fresh } satisfies ToSpare);
  }

  /** Code may have changed on disk, so what was loaded before is not to come back: a part was started on purpose. */
  forget(): void {
    if (this.#preloaded.size === 0) return;
    this.#preloaded.clear();
    void this.#end();
    this.want();
  }

  /** The thread, for `Thread` to name it; the caller asks for the next one with `want`. */
  take(): Worker | undefined {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.off('error', this.#onError);
    worker?.off('exit', this.#onExit);
    worker?.ref();
    return worker;
  }

  /** Ends it, and makes none any more until `open`. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    await this.#end();
  }

  async #end(): Promise<void> {
    const worker = this.take();
    // What it had thrown before is of no interest any more, and must not end this thread.
    worker?.on('error', () => {});
    await worker?.terminate();
  }

  /** Machines may boot again. */
  open(): void {
    this.#closed = false;
    this.want();
  }

  // A module that ends the thread which loads it would end every spare: then none is preloaded any more.
  readonly #onError = (): void => this.#preloaded.clear();

  readonly #onExit = (): void => {
    this.#worker = undefined;
  };

  #make(): void {
    const worker = new Worker(moduleUrl('./thread.worker', import.meta.url), {
      name: 'spare',
      workerData: null,
    });
    this.#worker = worker;
    worker.unref();
    worker.on('error', this.#onError);
    worker.on('exit', this.#onExit);
    const modules = [...this.#preloaded];
    if (modules.length > 0) worker.postMessage({ kind: 'preload', modules } satisfies ToSpare);
  }
}
