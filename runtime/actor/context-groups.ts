import type { ActorCell } from './actor-cell.ts';
import type { ActorRef, Protocol } from './actor-ref.ts';
import type { AnyActor } from './any-actor.ts';
import type { ContextBonds } from './context-bonds.ts';
import type { ContextHost } from './context-host.ts';
import type { Entities, EntityOptions } from './entities.ts';
import { EntityRef } from './entity-ref.ts';
import { Message } from './message.ts';
import { PassivationManager } from './passivation-manager.ts';
import type { RouterOptions, RouterPool, RouterStrategy } from './router.ts';
import { RouterRef } from './router-ref.ts';
import { spawn } from './spawn.ts';
import { unanswered } from './unanswered.ts';

type AnyRef = ActorRef<Protocol>;
type Pool = RouterPool<unknown, Protocol, unknown>;

/** Routers and entities of one incarnation. */
export class ContextGroups {
  readonly #cell: ActorCell;
  readonly #host: ContextHost;
  readonly #bonds: ContextBonds;
  readonly #managers = new Set<PassivationManager>();

  constructor(cell: ActorCell, host: ContextHost, bonds: ContextBonds) {
    this.#cell = cell;
    this.#host = host;
    this.#bonds = bonds;
  }

  router(to: readonly AnyRef[] | Pool, options: RouterOptions<RouterStrategy>): RouterRef {
    const cell = this.#cell;
    const host = this.#host;
    const pool = 'definition' in to ? to : undefined;
    return new RouterRef(
      {
        path: cell.path,
        cellOf: (ref) => host.cellOf(ref as never),
        watch: (ref, ended) => this.#bonds.notice(ref as never, ended),
        spawn: pool && (() => this.#spawn(pool.definition as unknown as AnyActor, pool.args) as never),
        stop: (ref) => {
          const stopped = host.cellOf(ref as never)?.stop();
          stopped?.catch((error: unknown) => host.failed(cell, 'stop', error));
        },
        failed: (error) => host.failed(cell, 'router', error),
        lost: (method, payload, error) => host.lost(cell, this.#unsent(method, payload), error),
      },
      options,
      ('definition' in to ? [] : to) as never,
      pool?.size ?? 0,
    );
  }

  entities(definition: AnyActor, options: EntityOptions<unknown>): Entities<never> {
    const cell = this.#cell;
    const host = this.#host;
    const manager = new PassivationManager(
      {
        path: cell.path,
        spawn: (args, make) => spawn(cell, host, definition, args === undefined ? undefined : { args }, make),
        refuse: (outgoing, error) => {
          if (outgoing.asked) outgoing.fail(error);
          else host.lost(cell, this.#unsent(outgoing.method, outgoing.payload), error);
        },
        failed: (where, error) => host.failed(cell, where, error),
      },
      definition,
      options,
    );
    this.#managers.add(manager);
    return {
      ref: (key) => new EntityRef(manager, key, cell.path, host.deadlines) as unknown as ActorRef<never>,
      passivate: (key) => manager.passivate(key),
      get live() {
        return manager.live;
      },
    };
  }

  /** Before the children end. */
  async leaving(): Promise<void> {
    await Promise.all([...this.#managers].map((manager) => manager.leave()));
  }

  close(): void {
    for (const manager of this.#managers) manager.close();
  }

  #spawn(definition: AnyActor, args: unknown): AnyRef {
    const child = spawn(this.#cell, this.#host, definition, args === undefined ? undefined : { args });
    return this.#host.localRef(child, this.#cell.path);
  }

  #unsent(method: string, payload: unknown): Message {
    const never = Number.POSITIVE_INFINITY;
    const { path } = this.#cell;
    return new Message(unanswered, 0, false, this.#cell, method, payload, path, never, false, undefined);
  }
}
