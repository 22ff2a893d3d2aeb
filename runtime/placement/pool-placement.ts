import type { AnyActor } from '../actor/any-actor.ts';
import type { Message } from '../actor/message.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';
import { childBudget } from '../supervision/child-budget.ts';
import type { ChildSpec, PoolSpec } from '../supervision/child-spec.ts';
import type { Logger } from '../telemetry/logger.ts';
import type { ActorHost } from './actor-host.ts';
import type { DefinitionFacts } from './definition-facts.ts';
import type { ChildExit, Placement, StartedChild } from './placement.ts';
import { Pool } from './pool.ts';
import type { ThreadPlacement } from './thread-placement.ts';
import { within } from './within.ts';

export interface PoolPlacementOptions {
  readonly host: ActorHost;
  readonly threads: ThreadPlacement;
  readonly log: Logger;
  onExit(exit: ChildExit): void;
}

const waiting = 1_000;

/**
 * Stateless actors in worker threads that share their messages. To everybody else the part is an actor of the
 * main thread, its front: that has the mailbox, and hands each message to a worker that is free.
 */
export class PoolPlacement implements Placement {
  readonly #options: PoolPlacementOptions;
  readonly #pools = new Map<string, Pool>();

  constructor(options: PoolPlacementOptions) {
    this.#options = options;
  }

  threadOf(): string {
    return this.#options.host.thread;
  }

  async start(spec: ChildSpec, incarnation: number): Promise<StartedChild> {
    const { host, threads, log } = this.#options;
    const pool = new Pool({
      spec,
      incarnation,
      threads,
      log,
      onBroken: (detail) => void this.#broken(spec.id, pool, detail),
    });
    this.#pools.set(spec.id, pool);
    try {
      const facts = await pool.started();
      await host.start(spec.id, incarnation, this.#front(spec, pool, facts), undefined);
    } catch (error) {
      this.#pools.delete(spec.id);
      await pool.end('at once');
      throw error;
    }
    return { waits: false };
  }

  /** A pool has no replicas. */
  async synchronise(): Promise<void> {}

  async open(spec: ChildSpec): Promise<void> {
    this.#options.host.open(spec.id);
  }

  async stop(spec: ChildSpec): Promise<'stopped' | 'killed'> {
    const pool = this.#pools.get(spec.id);
    if (pool === undefined) return 'stopped';
    const { host, log } = this.#options;
    const { stopMs } = childBudget(spec);
    try {
      const stop = host.stop(spec.id).then(() => pool.stop(stopMs));
      await within(stopMs, stop, `${spec.id} did not stop`);
      await this.#end(spec.id, pool, 'gently');
      return 'stopped';
    } catch (error) {
      log.warn({ part: spec.id, err: error }, `${spec.id} did not stop and is ended by force`);
      host.abandon(spec.id);
      await this.#end(spec.id, pool, 'at once');
      return 'killed';
    }
  }

  async healthCheck(spec: ChildSpec, timeoutMs: number): Promise<Health> {
    return this.#pool(spec).healthCheck(timeoutMs);
  }

  async capabilities(spec: ChildSpec, timeoutMs: number): Promise<readonly string[]> {
    return this.#pool(spec).capabilities(timeoutMs);
  }

  /** Ends all workers at once, and without replacing them. */
  async killAll(): Promise<void> {
    await Promise.all([...this.#pools].map(([id, pool]) => this.#end(id, pool, 'at once')));
  }

  #pool(spec: ChildSpec): Pool {
    const pool = this.#pools.get(spec.id);
    if (pool === undefined) throw new MagFlockError('MF607', `the pool of ${spec.id} is not running`);
    return pool;
  }

  /** The whole part fails: its supervisor decides what follows. What waits stays for the next incarnation. */
  async #broken(id: string, pool: Pool, detail: string): Promise<void> {
    if (this.#pools.get(id) !== pool) return;
    this.#options.host.abandon(id);
    await this.#end(id, pool, 'at once');
    this.#options.onExit({ id, reason: 'crash', detail });
  }

  async #end(id: string, pool: Pool, how: 'gently' | 'at once'): Promise<void> {
    if (this.#pools.get(id) === pool) this.#pools.delete(id);
    await pool.end(how);
  }

  #front(spec: ChildSpec, pool: Pool, { version, methods }: DefinitionFacts): AnyActor {
    const { host } = this.#options;
    const { queue } = spec.placement as PoolSpec;
    const run = (method: string) => async (_state: unknown, payload: unknown, call: Message) => {
      try {
        return await pool.run(method, payload, call);
      } catch (error) {
        if (MagFlockError.is(error) && error.code === 'MF601') {
          const { id } = spec;
          const { from } = call;
          const detail = 'its worker ended while it ran';
          host.deadLetter({ to: id, from, method, reason: 'died-while-running', detail });
        }
        throw error;
      }
    };
    return {
      name: spec.id,
      version,
      concurrency: pool.workers * pool.concurrency,
      mailbox: { limit: queue ?? waiting },
      init: () => null,
      methods: Object.fromEntries(methods.map((method) => [method, run(method)])),
    } as unknown as AnyActor;
  }
}
