import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { MessagePort, Worker } from 'node:worker_threads';
import { Piscina } from 'piscina';
import { chainHere } from '../actor/ask-chain.ts';
import type { Message } from '../actor/message.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import { childBudget } from '../supervision/child-budget.ts';
import type { ChildSpec, PoolSpec } from '../supervision/child-spec.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { DefinitionFacts } from './definition-facts.ts';
import { moduleUrl } from './module-url.ts';
import { NativeSection } from './native-section.ts';
import { type PoolAnswer, type PoolTask, type PoolWorkerHello, poolFlag } from './pool-task.ts';
import { PoolWorkerHandle } from './pool-worker-handle.ts';
import type { Thread } from './thread.ts';
import type { ThreadPlacement } from './thread-placement.ts';
import { within } from './within.ts';

export interface PoolOptions {
  readonly spec: ChildSpec;
  readonly incarnation: number;
  readonly threads: ThreadPlacement;
  readonly log: Logger;
  /** It cannot go on: a worker could not be replaced, or they end too often. */
  onBroken(detail: string): void;
}

/** Milliseconds a worker gets to close its log and ports. */
const endMs = 2_000;
/** Ends of workers in this time, per worker, are too many. */
const periodMs = 10_000;
const endsPerWorker = 5;

/** The workers of one incarnation of a pooled part. Workers that end are replaced. */
export class Pool {
  readonly workers: number;
  readonly concurrency: number;
  readonly #options: PoolOptions;
  readonly #piscina: Piscina;
  /** Threads by the number of their slot. */
  readonly #threads = new Map<number, Thread>();
  /** Thread ids that may be given tasks. */
  readonly #ready = new Set<number>();
  readonly #started = Promise.withResolvers<void>();
  #ends: number[] = [];
  #phase: 'starting' | 'running' | 'ended' = 'starting';

  constructor(options: PoolOptions) {
    this.#options = options;
    const { workers, concurrency, heapMegabytes } = options.spec.placement as PoolSpec;
    this.workers = workers ?? availableParallelism();
    this.concurrency = concurrency ?? 1;
    this.#started.promise.catch(() => {});
    this.#piscina = new Piscina({
      filename: fileURLToPath(moduleUrl('./pool.worker', import.meta.url)),
      name: 'runPoolTask',
      minThreads: this.workers,
      maxThreads: this.workers,
      concurrentTasksPerWorker: this.concurrency,
      // The mailbox in front of it is what is bounded.
      maxQueue: Number.POSITIVE_INFINITY,
      // Waiting for tasks with Atomics.wait would stop everything else in the worker.
      atomics: 'disabled',
      recordTiming: false,
      loadBalancer: (_task, workers) => {
        const able = workers.filter(
          ({ id, currentUsage }) => this.#ready.has(id) && currentUsage < this.concurrency,
        );
        return able.toSorted((a, b) => a.currentUsage - b.currentUsage)[0] ?? null;
      },
      ...(heapMegabytes === undefined ? {} : { resourceLimits: { maxOldGenerationSizeMb: heapMegabytes } }),
    });
    this.#piscina.on('message', (hello: PoolWorkerHello) => void this.#welcome(hello));
    // A worker that ended between two tasks; its thread says so, too.
    this.#piscina.on('error', () => {});
  }

  /** Resolves when all workers have started. */
  async started(): Promise<DefinitionFacts> {
    const { spec } = this.#options;
    const { startMs } = childBudget(spec);
    await within(startMs, this.#started.promise, `${spec.id} did not start`);
    this.#phase = 'running';
    return this.#someThread().order('describe', { name: spec.id }, startMs);
  }

  /** Runs one message in a worker. Throws its error, or MF601 when the worker ends. */
  async run(method: string, payload: unknown, call: Message): Promise<unknown> {
    const flag = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
    const cancel = (): void => {
      Atomics.compareExchange(flag, 0, poolFlag.wanted, poolFlag.cancelled);
      Atomics.notify(flag, 0);
    };
    const { from, deadline, trace, signal } = call;
    signal.addEventListener('abort', cancel, { once: true });
    try {
      const task: PoolTask = {
        method,
        payload,
        from,
        deadline,
        trace,
        chain: chainHere(call),
        flag: flag.buffer,
      };
      // Without its signal: piscina would end the thread of a running task.
      return this.#valueOf(await this.#run(task, flag), method);
    } finally {
      signal.removeEventListener('abort', cancel);
    }
  }

  async healthCheck(timeoutMs: number): Promise<Health> {
    const { id } = this.#options.spec;
    const threads = [...this.#threads.values()];
    const healths = await Promise.all(
      threads.map((thread) => thread.order('healthCheck', { name: id }, timeoutMs)),
    );
    const ill = healths.find(({ status }) => status !== 'ok');
    if (ill !== undefined) return ill;
    const summary = `${this.#ready.size} of ${this.workers} workers run`;
    return { status: this.#ready.size < this.workers ? 'degraded' : 'ok', summary };
  }

  capabilities(timeoutMs: number): Promise<readonly string[]> {
    return this.#someThread().order('capabilities', { name: this.#options.spec.id }, timeoutMs);
  }

  /** Runs `stop` in each worker. */
  async stop(timeoutMs: number): Promise<void> {
    const { id } = this.#options.spec;
    await Promise.all(
      [...this.#threads.values()].map((thread) => thread.order('stop', { name: id }, timeoutMs)),
    );
  }

  /** Ends all workers. What they run is answered MF601. */
  async end(how: 'gently' | 'at once'): Promise<void> {
    if (this.#phase === 'ended') return;
    this.#phase = 'ended';
    this.#started.reject(new MagFlockError('MF607', `${this.#options.spec.id} ends`));
    // Else each that ends is replaced.
    this.#piscina.options.minThreads = 0;
    if (how === 'gently') {
      const exits = [...this.#threads.values()].map(async (thread) => {
        await thread.order('end', null, endMs);
        await thread.exited;
      });
      await within(endMs, Promise.allSettled(exits), 'the workers did not end').catch(() => {});
    }
    await within(endMs, this.#piscina.destroy(), 'the workers do not end').catch((error) => {
      this.#options.log.error({ err: error }, 'a worker is stuck and was left behind');
    });
  }

  async #run(task: PoolTask, flag: Int32Array): Promise<PoolAnswer> {
    try {
      return (await this.#piscina.run(task)) as PoolAnswer;
    } catch (cause) {
      const { id } = this.#options.spec;
      const { name, message } = cause as Error;
      if (name === 'DataCloneError') {
        throw new MagFlockError('MF614', 'the value cannot cross to another thread', { cause });
      }
      // It was on its way to a worker that ended: nobody has begun with it.
      if (Atomics.load(flag, 1) === 0 && this.#phase === 'running') return this.#run(task, flag);
      throw new MagFlockError('MF601', `${id} ended before it answered ${task.method}: ${message}`, {
        details: { part: id, method: task.method },
      });
    }
  }

  #valueOf(answer: PoolAnswer, method: string): unknown {
    if (answer.kind === 'reply') return answer.value;
    if (answer.kind === 'fail') throw MagFlockError.fromEnvelope(answer.error);
    throw new MagFlockError('MF606', `nobody waits for ${method} any more`);
  }

  async #welcome({ poolWorker, control, gate, native }: PoolWorkerHello): Promise<void> {
    const { spec, incarnation, threads } = this.#options;
    const worker = this.#piscina.threads.find(({ threadId }) => threadId === poolWorker);
    if (worker === undefined || this.#phase === 'ended') {
      control.close();
      gate.close();
      return;
    }
    worker.once('exit', () => gate.close());
    endAfterNativeCode(worker, new NativeSection(native));
    let slot = 1;
    while (this.#threads.has(slot)) slot += 1;
    const thread = threads.adopt(`${spec.id}:${slot}`, new PoolWorkerHandle(worker, control), {
      onEnded: () => void worker.terminate(),
      onExit: ({ detail }) => {
        this.#ready.delete(poolWorker);
        this.#threads.delete(slot);
        this.#lost(detail);
      },
    });
    this.#threads.set(slot, thread);
    try {
      await this.#startIn(thread, gate, poolWorker, incarnation);
    } catch (error) {
      if (this.#phase === 'starting') this.#started.reject(error);
      else this.#broken(`a worker did not start: ${MagFlockError.from(error).message}`);
    }
  }

  async #startIn(thread: Thread, gate: MessagePort, worker: number, incarnation: number): Promise<void> {
    const { spec } = this.#options;
    const { startMs } = childBudget(spec);
    const order = { name: spec.id, incarnation, module: spec.module.href, args: spec.args, replicas: [] };
    await thread.order('start', { ...order, concurrency: this.concurrency }, startMs);
    await thread.order('open', { name: spec.id }, startMs);
    this.#ready.add(worker);
    gate.postMessage(spec.id);
    gate.close();
    if (this.#ready.size === this.workers) this.#started.resolve();
  }

  #lost(detail: string): void {
    if (this.#phase === 'starting') this.#started.reject(new MagFlockError('MF601', detail));
    if (this.#phase !== 'running') return;
    this.#options.log.warn({ part: this.#options.spec.id }, `a worker ended and is replaced: ${detail}`);
    const now = Date.now();
    this.#ends = [...this.#ends.filter((at) => at > now - periodMs), now];
    const most = endsPerWorker * this.workers;
    if (this.#ends.length > most) this.#broken(`more than ${most} workers ended in ${periodMs / 1_000} s`);
  }

  #broken(detail: string): void {
    if (this.#phase === 'running') this.#options.onBroken(detail);
  }

  #someThread(): Thread {
    const [thread] = this.#threads.values();
    if (thread === undefined) {
      throw new MagFlockError('MF607', `no worker of ${this.#options.spec.id} is running`);
    }
    return thread;
  }
}

/** Whoever ends it, piscina too, waits until no native code runs in it. */
function endAfterNativeCode(worker: Worker, section: NativeSection): void {
  worker.once('exit', section.closeOnExit());
  const terminate = worker.terminate.bind(worker);
  worker.terminate = async () => {
    await section.close();
    return terminate();
  };
}
