import type { ActorCell } from '../actor/actor-cell.ts';
import type { AnyActor } from '../actor/any-actor.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Health } from '../motherboard/health.ts';

/** A state on its way from one incarnation to the next. */
export interface HandedOver {
  readonly exported: unknown;
  /** Version of the state; 0 from a stateless one. */
  readonly fromVersion: number;
}

/** The steps of a hot swap that concern the cell of the actor. */
export const handOver = {
  /** Resolves when nothing runs in the cell any more, timers that had fired included. */
  async suspend(cell: ActorCell): Promise<void> {
    await cell.suspend();
    await cell.exclusive(() => {});
    // Given up and resumed meanwhile: then it must not be suspended again.
    if (cell.suspended) await cell.suspend();
    // The next incarnation opens the journal, and this one can write nothing from then on.
    await cell.hasExtras?.gate?.idle();
  },

  /**
   * The actor goes on as it was.
   * @param reopen another incarnation may have opened its journal: it takes it back before a message runs
   */
  async resume(cell: ActorCell, reopen: boolean): Promise<void> {
    try {
      if (reopen && cell.suspended) await cell.hasExtras?.gate?.reopen();
    } finally {
      // Without its journal it ends at the next message that is kept, and starts anew.
      cell.resume();
    }
  },

  /** The state of a suspended actor. Throws MF642 when it has ended meanwhile or has put messages aside. */
  async export(cell: ActorCell): Promise<HandedOver> {
    const { definition } = cell;
    if (cell.phase !== 'ready' || !cell.suspended || definition === undefined) {
      throw new MagFlockError('MF642', `${cell.name} ended while it was to be swapped`);
    }
    const aside = cell.hasExtras?.stash.length ?? 0;
    if (aside > 0) throw new MagFlockError('MF642', `${cell.name} has put ${aside} messages aside`);
    const { handover } = definition;
    if (typeof handover !== 'object') return { exported: undefined, fromVersion: 0 };
    return { exported: await handover.export(cell.state), fromVersion: handover.version };
  },

  /** What stands for `init` in the incarnation that takes over. */
  adopting(definition: AnyActor, { exported, fromVersion }: HandedOver): AnyActor['init'] {
    const { handover } = definition;
    return (context, args) =>
      typeof handover === 'object'
        ? handover.adopt(context, exported, fromVersion, args)
        : definition.init(context, args);
  },

  /** Ends an incarnation whose actor lives elsewhere now: its children, then what it began. */
  async retire(cell: ActorCell): Promise<void> {
    for (const child of [...(cell.hasExtras?.children.values() ?? [])].reverse()) await child.stop();
    await cell.definition?.stop?.(cell.state);
  },

  /** How an incarnation is that has no messages yet. */
  probe(definition: AnyActor | undefined, state: unknown): Health | Promise<Health> {
    return definition?.healthCheck?.(state) ?? { status: 'ok', summary: 'has started' };
  },
} as const;
