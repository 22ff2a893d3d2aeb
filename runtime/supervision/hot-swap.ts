import { MagFlockError } from '../errors/magflock-error.ts';
import type { Route } from '../placement/route.ts';
import type { Successor, SuccessorRequest } from '../placement/successor.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ChildSpec } from './child-spec.ts';
import type { SupervisedChild } from './supervised-child.ts';
import { swapRefusal } from './swap-refusal.ts';

export interface SwapOptions {
  /** Module of the new version; default the one the part was started from, read anew. */
  readonly module?: URL;
  /** Milliseconds the part may be suspended before the swap is given up; default 5,000. */
  readonly timeoutMs?: number;
  /** Swaps although dependants cannot follow or the state is lost. */
  readonly force?: boolean;
}

/** A swap that was done. */
export interface Swapped {
  readonly incarnation: number;
  readonly fromVersion: string;
  readonly toVersion: string;
  /** Milliseconds in which no message was run. */
  readonly pausedMs: number;
  /** Milliseconds of the whole, preparation included. */
  readonly tookMs: number;
}

export interface HotSwapOptions {
  readonly log: Logger;
  child(id: string): SupervisedChild;
  children(): readonly SupervisedChild[];
  /** Runs the operation when no start, stop or restart of the child does. */
  exclusive<T>(id: string, operation: () => Promise<T>): Promise<T>;
  /** Undefined where the placement of the part knows no hot swap. */
  successor(spec: ChildSpec, request: SuccessorRequest): Successor | undefined;
  threadOf(spec: ChildSpec): string;
  /** Threads that carry a replica of this part and are ready. */
  replicasOf(id: string): readonly string[];
  /** Makes a route known. @returns resolves when every thread has it */
  announce(route: Route): Promise<unknown>;
  onSwapped(id: string, swapped: Swapped): void;
}

const defaultTimeoutMs = 5_000;

/**
 * Puts a new version of a part in the place of the running one without losing a message: prepare it beside the old
 * one, suspend the old one, hand the state over, probe, bring the replicas up to date, flip the route. Whatever
 * fails before the flip, the old one goes on.
 */
export class HotSwap {
  readonly #options: HotSwapOptions;
  readonly #running = new Set<string>();

  constructor(options: HotSwapOptions) {
    this.#options = options;
  }

  /**
   * Throws MF604 for an unknown part, MF640 when the swap is refused and nothing was touched, MF641 when another one
   * is under way, MF642 when it failed and the old incarnation goes on.
   */
  async swap(id: string, options: SwapOptions = {}): Promise<Swapped> {
    const child = this.#options.child(id);
    if (this.#running.has(id)) throw new MagFlockError('MF641', `${id} is being swapped already`);
    this.#running.add(id);
    try {
      return await this.#options.exclusive(id, () => this.#swap(child, options));
    } finally {
      this.#running.delete(id);
    }
  }

  async #swap(child: SupervisedChild, options: SwapOptions): Promise<Swapped> {
    const { spec } = child;
    const { id } = spec;
    if (child.state !== 'ready') throw refused(id, `${id} is ${child.state}`, `magflock restart ${id}`);
    const began = performance.now();
    const { module, args } = nextOf(spec, options.module);
    const incarnation = child.incarnation + 1;
    const successor = this.#options.successor(spec, { module, args, incarnation });
    if (successor === undefined) throw refused(id, `${id} runs where parts cannot be swapped`);
    const beforeAbort = <T>(step: Promise<T>) => Promise.race([step, successor.aborted]);
    let versions: { readonly fromVersion: string; readonly toVersion: string };
    try {
      const { from, to } = await beforeAbort(successor.inspect());
      versions = { fromVersion: from.version, toVersion: to.version };
      const refusal = swapRefusal({
        id,
        from,
        to,
        dependants: this.#dependants(id),
        replicas: this.#options.replicasOf(id),
        isReady: (part) =>
          this.#options.children().some((each) => each.spec.id === part && each.state === 'ready'),
      });
      if (refusal !== undefined && !(refusal.forcible && options.force === true)) {
        const fix = refusal.forcible ? `swap it with --force, or magflock restart ${id}` : undefined;
        throw refused(id, refusal.reason, fix);
      }
      await beforeAbort(successor.prepare());
    } catch (error) {
      await successor.rollBack();
      if (MagFlockError.is(error) && error.code === 'MF640') throw error;
      const cause = MagFlockError.from(error);
      throw new MagFlockError('MF640', `${id} was not swapped: ${cause.message}`, {
        cause,
        details: { part: id },
      });
    }
    const suspended = performance.now();
    const { known } = await this.#replace(child, successor, {
      incarnation,
      args,
      deadline: suspended + (options.timeoutMs ?? defaultTimeoutMs),
    });
    const pausedMs = performance.now() - suspended;
    void successor.retire(known);
    await known;
    const swapped = { incarnation, ...versions, pausedMs, tookMs: performance.now() - began };
    this.#options.log.info({ part: id, ...swapped }, `${id} is ${versions.toVersion} now`);
    this.#options.onSwapped(id, swapped);
    return swapped;
  }

  /** The pause. @returns resolves when every thread knows the new incarnation; never rejects */
  async #replace(
    child: SupervisedChild,
    successor: Successor,
    {
      incarnation,
      args,
      deadline,
    }: { readonly incarnation: number; readonly args: unknown; readonly deadline: number },
  ): Promise<{ readonly known: Promise<unknown> }> {
    const { spec } = child;
    const { id } = spec;
    const step = <T>(work: (timeoutMs: number) => Promise<T>): Promise<T> =>
      Promise.race([work(Math.max(1, deadline - performance.now())), successor.aborted]);
    let copied = false;
    try {
      await step((left) => successor.suspend(left));
      const { waits } = await step((left) => successor.handOver(left));
      const health = await step((left) => successor.probe(left));
      if (health.status === 'failed') {
        throw new MagFlockError('MF642', `the new version is not healthy: ${health.summary}`);
      }
      const replicas = this.#options.replicasOf(id);
      if (replicas.length > 0) {
        copied = true;
        const { thread } = successor;
        void this.#options.announce({ ...this.#route(child), next: { thread, incarnation } });
        await step((left) => successor.synchronise(replicas, left));
      }
      await step((left) => successor.open(left));
      if (child.state !== 'ready') throw new MagFlockError('MF642', `${id} failed: ${child.lastError ?? ''}`);
      successor.commit();
      child.spec = { ...spec, module: successor.module, args };
      child.incarnation = incarnation;
      child.waits = waits;
      child.startedAt = new Date().toISOString();
      return { known: this.#options.announce(this.#route(child)) };
    } catch (error) {
      // One that failed meanwhile is announced by its supervisor.
      if (copied && child.state === 'ready') void this.#options.announce(this.#route(child));
      await successor.rollBack();
      const cause = MagFlockError.from(error);
      const message = `${id} was not swapped and goes on as it was: ${cause.message}`;
      throw new MagFlockError('MF642', message, { cause, fix: cause.fix, details: { part: id } });
    }
  }

  #route({ spec, incarnation, waits }: SupervisedChild): Route {
    const thread = this.#options.threadOf(spec);
    return { name: spec.id, thread, state: 'ready', incarnation, ...(waits ? { waits } : {}) };
  }

  #dependants(id: string): readonly string[] {
    return this.#options
      .children()
      .filter(({ spec, state }) => state !== 'stopped' && spec.requires?.includes(id) === true)
      .map(({ spec }) => spec.id);
  }
}

/** An extension is what is in the slot, not the slot: that is named in its arguments. */
function nextOf(
  { module, args, slot }: ChildSpec,
  given: URL | undefined,
): { readonly module: URL; readonly args: unknown } {
  if (given === undefined) return { module, args };
  return slot === 'extension'
    ? { module, args: { ...(args as object), module: given.href } }
    : { module: given, args };
}

function refused(id: string, reason: string, fix?: string): MagFlockError {
  return new MagFlockError('MF640', reason, { fix, details: { part: id } });
}
