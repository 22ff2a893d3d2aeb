import type { MagFlockError } from '../errors/magflock-error.ts';
import type { SpawnedChildren } from '../supervision/spawned-children.ts';
import type { ActorCell } from './actor-cell.ts';
import type { Quotas } from './define-actor.ts';
import type { Job } from './mailbox.ts';
import type { Message } from './message.ts';
import type { Meter } from './meter.ts';
import type { OutputGate } from './output-gate.ts';
import type { SpawnOptions } from './spawn-options.ts';
import type { EndReason, Terminated } from './terminated.ts';
import { WaitRoom } from './wait-room.ts';

/** What an incarnation has begun that must end with it. */
export interface Tenancy {
  /** It was asked to stop. */
  stopping(): void;
  /** It is about to end in order; its children are still there. */
  leaving?(): Promise<void> | undefined;
  /** It is over: timers, subscriptions and watches end. */
  close(): void;
}

/** What few actors need, apart from the cell so that a cell at rest is small. */
export class CellExtras {
  tenancy: Tenancy | undefined;
  // Made on demand: actors that come and go by the thousand have neither.
  #waitRoom: WaitRoom | undefined;
  #children: Map<string | number, ActorCell> | undefined;
  /** Looks after children that are restarted; see `SpawnedChildren`. */
  family: SpawnedChildren | undefined;
  /** Names of children without one are counted. */
  named = 0;
  /** Those of this thread who hear of the end of this incarnation. */
  watchers: Set<{ readonly tell: (terminated: Terminated) => void }> | undefined;
  /** How this actor was spawned; undefined for parts. */
  spawn: SpawnOptions<unknown> | undefined;
  path: string | undefined;
  /** Of its path in the mark of the thread; 0 until it runs first. */
  label = 0;
  /** Of parts, and of children that were spawned with one. */
  meter: Meter | undefined;
  /** Quotas its child specification adds to those of its definition. */
  quotas: Quotas | undefined;
  /** The last failure of a method or a timer that was not in the catalogue. */
  lastError: string | undefined;
  /** Where answers wait until they are durable; of journalled actors. */
  gate: OutputGate | undefined;
  readonly stash: Message[] = [];
  /** Why no incarnation will follow. */
  closed: (() => MagFlockError) | undefined;
  /** Asked for by `context.exit`. */
  ending: EndReason | undefined;
  /** Ends an incarnation that does not come to the end it asked for. */
  endTimer: NodeJS.Timeout | undefined;
  /** Times an incarnation was given up. */
  abandoned = 0;
  /** Resolves those who wait for the end of a start, and of an end. */
  readonly startings: (() => void)[] = [];
  readonly ends: (() => void)[] = [];
  /** Resolves a stop that waits for messages to end. */
  drained: (() => void) | undefined;
  /** Resolves those who wait until nothing runs. */
  readonly quiet: (() => void)[] = [];
  /** Timers that fired while the actor was suspended. */
  readonly heldTimers: Job[] = [];

  get waitRoom(): WaitRoom {
    this.#waitRoom ??= new WaitRoom();
    return this.#waitRoom;
  }

  /** Messages that wait for room in the mailbox. */
  get held(): number {
    return this.#waitRoom?.length ?? 0;
  }

  get children(): Map<string | number, ActorCell> {
    this.#children ??= new Map();
    return this.#children;
  }

  get childCount(): number {
    return this.#children?.size ?? 0;
  }
}
