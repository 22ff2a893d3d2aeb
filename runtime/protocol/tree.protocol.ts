import type { CellPhase } from '../actor/cell-phase.ts';
import type { MeterReading } from '../actor/meter.ts';
import type { TracedMessage } from '../actor/meter-tap.ts';

/** What a thread knows of one of its actors. */
export interface ActorReport {
  readonly path: string;
  readonly name: string;
  readonly version: string;
  readonly phase: CellPhase;
  /** By an operator. */
  readonly suspended: boolean;
  readonly incarnation: number;
  readonly mailbox: number;
  readonly mailboxBytes: number;
  /** Messages that run now. */
  readonly running: number;
  readonly handled: number;
  readonly failed: number;
  /** Null for a child that was not spawned with `metered`. */
  readonly meter: MeterReading | null;
  /** All of its children; only some of them are described. */
  readonly childCount: number;
  readonly children: readonly ActorReport[];
}

/** A thread as it sees itself. */
export interface ThreadReport {
  readonly thread: string;
  /** Share of the last second in which its event loop was busy, 0 to 1. */
  readonly eventLoop: number;
  readonly heapBytes: number;
  readonly heapLimitBytes: number;
  readonly actors: readonly ActorReport[];
  /** Copies of the state of other parts that it carries. */
  readonly replicas: readonly { readonly owner: string; readonly incarnation: number }[];
}

/** A part in the tree: what its supervisor knows, and what its thread says. */
export interface PartNode {
  /** Its address. */
  readonly path: string;
  /** Path of the group it is supervised in. */
  readonly group: string | null;
  readonly state: string;
  readonly placement: string;
  readonly thread: string;
  readonly incarnation: number;
  readonly restarts: number;
  readonly restart: 'permanent' | 'transient' | 'temporary';
  readonly requires: readonly string[];
  readonly lastError: string | null;
  /** Null while its thread does not answer. */
  readonly actor: ActorReport | null;
  /** Where copies of its state are, by thread. */
  readonly replicas: readonly { readonly thread: string; readonly incarnation: number }[];
}

/** A supervisor of a group of parts: a place in the tree, nobody answers there. */
export interface GroupNode {
  readonly path: string;
  readonly group: string | null;
  readonly strategy: string;
  readonly state: string;
  readonly restarts: number;
  readonly lastError: string | null;
}

export interface BlockedNode {
  readonly thread: string;
  readonly path: string;
  readonly method: string;
  /** The method has not returned; else something outside of a message holds the thread. */
  readonly running: boolean;
  readonly forMs: number;
}

/** The machine at a moment. */
export interface MachineTree {
  readonly at: string;
  readonly pid: number;
  readonly version: string;
  readonly startedAt: string;
  readonly parts: readonly PartNode[];
  readonly groups: readonly GroupNode[];
  readonly threads: readonly (Omit<ThreadReport, 'actors' | 'replicas'> & { readonly answers: boolean })[];
  readonly blocked: readonly BlockedNode[];
}

/** Everything that is known of one actor. */
export interface ActorDetail extends ActorReport {
  readonly thread: string;
  readonly overflow: string;
  readonly mailboxLimit: number;
  readonly stashed: number;
  readonly lastError: string | null;
  readonly quotas: Readonly<Record<string, number | string>> | null;
  /** What its definition's `inspect` shows of its state, redacted; null when it has none. */
  readonly state: unknown;
}

export interface TracePage {
  readonly messages: readonly TracedMessage[];
  /** Messages that were not written down, because there were too many. */
  readonly missed: number;
}

/** What the motherboard tells of actors, by path. */
export interface TreeProtocol {
  /** @param request.children how many children of each actor are described, default 20 */
  tree(request: { readonly children?: number }): MachineTree;
  actor(request: { readonly path: string }): ActorDetail;
  /** Messages since the last call; the first one begins, `end` or ten seconds without a call end it. */
  trace(request: { readonly path: string; readonly end?: boolean }): TracePage;
  /** No further message of it starts. */
  suspend(request: { readonly path: string }): { readonly suspended: boolean };
  resume(request: { readonly path: string }): { readonly suspended: boolean };
  /** A new incarnation of a part, or of a child whose supervision starts it again. */
  restartActor(request: { readonly path: string }): { readonly incarnation: number };
}
