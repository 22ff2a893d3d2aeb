import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import type { DefinitionFacts } from './definition-facts.ts';
import type { StartedChild } from './placement.ts';
import type { Successor } from './successor.ts';
import type { SwapGuard } from './swap-guard.ts';
import type { ThreadOrders } from './thread-control.ts';

/** Has an order carried out in the thread of the actor. */
export type GiveOrder = <O extends keyof ThreadOrders>(
  order: O,
  request: Parameters<ThreadOrders[O]>[0],
  timeoutMs: number,
) => Promise<ReturnType<ThreadOrders[O]>>;

export interface CellSuccession {
  readonly guard: SwapGuard;
  /** Path of the actor without the first slash. */
  readonly name: string;
  readonly thread: string;
  readonly module: URL;
  readonly args: unknown;
  readonly incarnation: number;
  readonly startMs: number;
  readonly stopMs: number;
  readonly order: GiveOrder;
  /** Has the thread ended? */
  ended(): boolean;
  settled(): void;
}

let swaps = 0;

/** The next incarnation of an actor whose thread others share: in the cell of the running one. */
export class CellSuccessor implements Successor {
  readonly module: URL;
  readonly #succession: CellSuccession;
  #begun = false;

  constructor(succession: CellSuccession) {
    this.#succession = succession;
    // A thread keeps the modules it has loaded; another URL makes it read this one again, though not what it imports.
    this.module = new URL(succession.module);
    this.module.searchParams.set('swap', String(++swaps));
  }

  get thread(): string {
    return this.#succession.thread;
  }

  get aborted(): Promise<never> {
    return this.#succession.guard.aborted;
  }

  async inspect(): Promise<{ readonly from: DefinitionFacts; readonly to: DefinitionFacts }> {
    const { order, name, startMs } = this.#succession;
    const from = await order('describe', { name }, startMs);
    const to = await order('describe', { name, module: this.module.href }, startMs);
    return { from, to };
  }

  async prepare(): Promise<void> {}

  async suspend(timeoutMs: number): Promise<void> {
    this.#begun = true;
    await this.#succession.order('suspend', { name: this.#succession.name }, timeoutMs);
  }

  handOver(timeoutMs: number): Promise<StartedChild> {
    const { order, name, incarnation, args } = this.#succession;
    return order('succeed', { name, incarnation, module: this.module.href, args }, timeoutMs);
  }

  probe(timeoutMs: number): Promise<Health> {
    return this.#succession.order('probe', { name: this.#succession.name }, timeoutMs);
  }

  async synchronise(threads: readonly string[], timeoutMs: number): Promise<void> {
    await this.#succession.order('synchronise', { name: this.#succession.name, threads }, timeoutMs);
  }

  async open(timeoutMs: number): Promise<void> {
    const { order, name, guard } = this.#succession;
    await order('takeOver', { name }, timeoutMs);
    guard.committed = true;
  }

  commit(): void {
    const { ended, name } = this.#succession;
    if (ended()) throw new MagFlockError('MF601', `the thread of ${name} has ended`);
  }

  rollBack(): Promise<void> {
    return this.#end();
  }

  retire(): Promise<void> {
    return this.#end();
  }

  async #end(): Promise<void> {
    const { order, name, stopMs, guard, settled, ended } = this.#succession;
    if (this.#begun && !ended()) await order('endSuccession', { name }, stopMs).catch(() => {});
    settled();
    guard.end();
  }
}
