import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import { childBudget } from '../supervision/child-budget.ts';
import type { ChildSpec } from '../supervision/child-spec.ts';
import type { DefinitionFacts } from './definition-facts.ts';
import type { StartedChild } from './placement.ts';
import type { Successor, SuccessorRequest } from './successor.ts';
import type { SwapGuard } from './swap-guard.ts';
import type { Switchboard } from './switchboard.ts';
import type { Thread } from './thread.ts';
import type { ReplicaOrder } from './thread-control.ts';
import { within } from './within.ts';

/** What a successor needs of the placement of threads. */
export interface ThreadSuccession {
  readonly guard: SwapGuard;
  readonly spec: ChildSpec;
  readonly request: SuccessorRequest;
  /** The thread of the running incarnation. */
  readonly old: Thread;
  readonly switchboard: Switchboard;
  /** Makes the thread of the next one. */
  spawn(): Thread;
  /** The part is in this thread from now on, and the old one may end. */
  moved(thread: Thread): void;
  kill(thread: Thread): Promise<void>;
  /** It is over, one way or the other. */
  settled(): void;
}

/** Time every thread gets to say that it knows a new route, and the old one to end. */
const endMs = 5_000;

/** A part's next incarnation in a thread of its own, beside the thread of the running one. */
export class ThreadSuccessor implements Successor {
  readonly #succession: ThreadSuccession;
  readonly #replicas: readonly ReplicaOrder[];
  #next: Thread | undefined;
  #suspended = false;
  /** The next incarnation may have opened the journal of the actor. */
  #started = false;

  constructor(succession: ThreadSuccession) {
    this.#succession = succession;
    this.#replicas = (succession.spec.replicas ?? []).map(({ name, module, args }) => ({
      name,
      module: module.href,
      args,
    }));
  }

  get aborted(): Promise<never> {
    return this.#succession.guard.aborted;
  }

  get module(): URL {
    return this.#succession.request.module;
  }

  get thread(): string {
    return this.#thread.name;
  }

  async inspect(): Promise<{ readonly from: DefinitionFacts; readonly to: DefinitionFacts }> {
    const { spec, request, old, spawn } = this.#succession;
    const { startMs } = childBudget(spec);
    const name = spec.id;
    const from = await old.order('describe', { name }, startMs);
    this.#next = spawn();
    const modules = this.#replicas.map(({ module }) => module);
    const [to] = await Promise.all([
      this.#next.order('describe', { name, module: request.module.href }, startMs),
      this.#next.order('load', { modules }, startMs),
    ]);
    return { from, to };
  }

  async prepare(): Promise<void> {
    const { spec, old, switchboard } = this.#succession;
    await this.#thread.order('carry', { replicas: this.#replicas }, childBudget(spec).startMs);
    switchboard.connectLike(old.name, this.thread);
  }

  async suspend(timeoutMs: number): Promise<void> {
    const { spec, old } = this.#succession;
    this.#suspended = true;
    await old.order('suspend', { name: spec.id }, timeoutMs);
  }

  async handOver(timeoutMs: number): Promise<StartedChild> {
    const { spec, request, old } = this.#succession;
    const { id: name, quotas } = spec;
    const began = performance.now();
    const handedOver = await old.order('export', { name }, timeoutMs);
    const { incarnation, module, args } = request;
    const order = {
      name,
      incarnation,
      module: module.href,
      args,
      replicas: this.#replicas,
      handedOver,
      quotas,
    };
    this.#started = true;
    return this.#thread.order('start', order, Math.max(1, timeoutMs - (performance.now() - began)));
  }

  probe(timeoutMs: number): Promise<Health> {
    return this.#thread.order('probe', { name: this.#succession.spec.id }, timeoutMs);
  }

  async synchronise(threads: readonly string[], timeoutMs: number): Promise<void> {
    await this.#thread.order('synchronise', { name: this.#succession.spec.id, threads }, timeoutMs);
  }

  async open(timeoutMs: number): Promise<void> {
    await this.#thread.order('open', { name: this.#succession.spec.id }, timeoutMs);
  }

  commit(): void {
    if (this.#thread.ended) throw new MagFlockError('MF601', `thread ${this.thread} has ended`);
    this.#succession.guard.committed = true;
    this.#succession.moved(this.#thread);
  }

  async rollBack(): Promise<void> {
    const { spec, old, kill, settled, guard } = this.#succession;
    // First: what it opens late would shut out the old incarnation again.
    if (this.#next !== undefined) await kill(this.#next);
    if (this.#suspended && !old.ended) {
      const request = { name: spec.id, reopen: this.#started };
      await old.order('resume', request, endMs).catch(() => {});
    }
    settled();
    guard.end();
  }

  async retire(known: Promise<unknown>): Promise<void> {
    const { spec, old, kill, settled, guard } = this.#succession;
    // A thread that is busy for so long still has what it sent: it learns of the route before the end of the old one.
    await within(endMs, known, 'the new route is not known').catch(() => {});
    await old.order('retire', { name: spec.id }, childBudget(spec).stopMs).catch(() => {});
    await old.order('end', null, endMs).catch(() => {});
    await within(endMs, old.exited, `thread ${old.name} does not end`).catch(() => kill(old));
    settled();
    guard.end();
  }

  get #thread(): Thread {
    if (this.#next === undefined)
      throw new MagFlockError('MF601', `${this.#succession.spec.id} has no next thread`);
    return this.#next;
  }
}
