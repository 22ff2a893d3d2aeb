import type { ActorCell } from '../actor/actor-cell.ts';
import type { AnyActor } from '../actor/any-actor.ts';
import { CellContext } from '../actor/cell-context.ts';
import type { ContextHost } from '../actor/context-host.ts';
import type { SpawnOptions } from '../actor/spawn-options.ts';
import type { EndReason } from '../actor/terminated.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { ChildLife } from './child-life.ts';
import type { ChildRecord } from './child-record.ts';
import { createChildRecord } from './create-child-record.ts';
import { type CoreEvent, SupervisorCore } from './supervisor-core.ts';

interface SpawnedChild extends ChildRecord {
  readonly cell: ActorCell;
}

/** Milliseconds a spawned actor gets to start, and to stop before it is given up. */
const startMs = 30_000;
const stopMs = 5_000;

/**
 * The children of an actor that somebody must look after: those that are restarted, and all of them where the
 * actor's strategy says that they go together. A child that ends for good leaves its parent and is forgotten.
 */
export class SpawnedChildren {
  readonly #parent: ActorCell;
  readonly #host: ContextHost;
  readonly #core: SupervisorCore<SpawnedChild>;

  constructor(parent: ActorCell, host: ContextHost) {
    this.#parent = parent;
    this.#host = host;
    const { strategy, intensity, onIntensity } = parent.definition?.supervision ?? {};
    this.#core = new SupervisorCore<SpawnedChild>({
      strategy,
      intensity,
      onIntensity,
      onState: (child, reason) => this.#childIs(child, reason),
      onEvent: (child, event) => this.#log(child, event),
      // The parent does not know how to go on without them: it is restarted with all of them, or gives up too.
      onEnd: ({ detail }) => parent.exit({ kind: 'crash', detail: `too many restarts of ${detail}` }),
    });
  }

  /** Does such a child have to be supervised? One that just ends needs nobody. */
  static needed(parent: ActorCell, options: SpawnOptions<unknown> | undefined): boolean {
    if (options?.restart !== undefined && options.restart !== 'temporary') return true;
    return (parent.definition?.supervision?.strategy ?? 'one_for_one') !== 'one_for_one';
  }

  /**
   * Takes in a child that has begun to live.
   * @param starting settles with its first start, when that awaits something
   */
  adopt(cell: ActorCell, definition: AnyActor, starting: Promise<void> | undefined): void {
    const options = cell.hasExtras?.spawn;
    const host = this.#host;
    const life: ChildLife = {
      async start(incarnation) {
        cell.reopen();
        if (options?.metered === true || definition.quotas !== undefined) host.meter(cell, definition);
        try {
          await cell.start(definition, new CellContext(cell, host, incarnation), options?.args);
        } catch (error) {
          host.failed(cell, 'init', error);
          cell.abandon();
          throw error;
        }
        cell.open();
      },
      async stop() {
        await cell.stop();
        return 'stopped';
      },
      async kill() {
        cell.abandon();
      },
    };
    const { backoff, intensity } = this.#parent.definition?.supervision ?? {};
    const policy = { id: cell.name, restart: options?.restart ?? 'temporary', startMs, stopMs };
    this.#core.adopt(
      Object.assign(createChildRecord(policy, life, { backoff, intensity }), { cell }),
      starting,
    );
  }

  has(cell: ActorCell): boolean {
    return this.#core.get(cell.name)?.cell === cell;
  }

  /** An incarnation of a child has ended. @param byItself nobody asked it to */
  ended(cell: ActorCell, { kind, detail, quarantine }: EndReason, byItself: boolean): void {
    const reason = kind === 'normal' || kind === 'shutdown' ? kind : 'crash';
    if (byItself) this.#core.exited(cell.name, { reason, detail, quarantine });
  }

  /** Stops a child for good. */
  stop(cell: ActorCell): Promise<void> {
    return this.#core.remove(cell.name);
  }

  /** Starts a child anew, a quarantined one too. @returns its incarnation */
  restart(cell: ActorCell): Promise<number> {
    return this.#core.restart(cell.name);
  }

  /** The parent ends: nobody is restarted any more. */
  close(): void {
    this.#core.endRestarts();
  }

  #childIs(child: SpawnedChild, reason: string | undefined): void {
    const { cell, state } = child;
    if (state === 'quarantined') {
      const refusal = () => new MagFlockError('MF607', `${cell.path} is not available: ${reason ?? state}`);
      cell.close(refusal);
    } else if (state === 'stopped' || state === 'failed') {
      this.#core.forget(child.policy.id);
      this.#parent.hasExtras?.children.delete(cell.key);
      cell.close(() => new MagFlockError('MF601', `${cell.path} has ended: ${reason ?? state}`));
    }
  }

  #log({ cell }: SpawnedChild, event: CoreEvent): void {
    if (event.kind !== 'failed' && event.kind !== 'quarantined') return;
    const log = this.#host.logger(cell.path);
    if (event.kind === 'failed') log.error(`${cell.path}: ${event.reason}`);
    else log.fatal(`${cell.path} is quarantined: ${event.reason}`);
  }
}
