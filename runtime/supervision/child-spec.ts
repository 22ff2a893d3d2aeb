import type { Quotas } from '../actor/define-actor.ts';
import type { AutoShutdown } from './auto-shutdown.ts';
import type { BackoffOptions } from './backoff.ts';
import type { IntensityOptions } from './intensity.ts';
import type { RestartType } from './restart-type.ts';
import type { Strategy } from './strategy.ts';

/** A replica that a thread carries: the module that exports `replica = defineReplica(...)`. */
export interface ReplicaSpec {
  readonly name: string;
  readonly module: URL;
  readonly args?: unknown;
}

/** Workers that share the messages of a stateless actor: `init` runs in each of them. */
export interface PoolSpec {
  readonly kind: 'pool';
  /** Default: as many as the machine has processors. */
  readonly workers?: number;
  /** Messages a worker runs at the same time; default 1. */
  readonly concurrency?: number;
  /** Messages that may wait; default 1,000. More are refused with MF603. */
  readonly queue?: number;
  readonly heapMegabytes?: number;
}

/** A sandbox for code that nobody trusts; see `CagePlacement`. */
export interface CageSpec {
  readonly kind: 'cage';
  /** Memory of its process; default as the cage decides. */
  readonly memoryMegabytes?: number;
  /** Milliseconds without a sign of life before it is killed; default as the cage decides. */
  readonly heartbeatMs?: number;
}

/**
 * Supervision as data (the words of OTP's `supervisor`). Checked before start; a faulty one is MF608 and
 * names the field.
 */
export interface ChildSpec {
  /** Unique in the machine, groups included: `storage`, `cpu-0`. Also the name others resolve it by. */
  readonly id: string;
  /** Module that exports `actor = defineActor(...)`. */
  readonly module: URL;
  /** Handed to `init`; structured-cloneable. */
  readonly args?: unknown;
  readonly placement:
    | { readonly kind: 'inline' }
    /** Actors that name the same thread share it. Default name: the id. */
    | { readonly kind: 'thread'; readonly thread?: string; readonly heapMegabytes?: number }
    | PoolSpec
    | CageSpec;
  readonly replicas?: readonly ReplicaSpec[];
  /** Ids, of parts or groups, that must be ready before this one starts; also the order of stop, reversed. */
  readonly requires?: readonly string[];
  /** Default `permanent`. */
  readonly restart?: RestartType;
  /** When it ends and is not restarted, its group may end with it (`autoShutdown`). Never of a permanent one. */
  readonly significant?: boolean;
  /** Milliseconds it gets to stop before it is killed; default 5,000. */
  readonly shutdownMs?: number;
  /** Milliseconds it gets to init and start; default 30,000. */
  readonly startMs?: number;
  /** When false the machine boots without it and says so. Default true. */
  readonly required?: boolean;
  /** Adds to, and goes before, the quotas of the definition. */
  readonly quotas?: Quotas;
  /** What kind of part it is, for POST and `status`. */
  readonly slot?: 'component' | 'extension' | 'peripheral';
}

/** A supervisor as data. */
export interface SupervisorSpec {
  readonly strategy: Strategy;
  /** How many restarts are too many; default that of the machine. */
  readonly intensity?: IntensityOptions;
  /** How long to wait between restarts; default that of the machine. */
  readonly backoff?: Omit<BackoffOptions, 'random'>;
  /** Default `never`. */
  readonly autoShutdown?: AutoShutdown;
  /** What too many restarts do: `escalate` (default) the group fails as a whole, `quarantine` the child stays down. */
  readonly onIntensity?: 'escalate' | 'quarantine';
  /** In the order of their start, unless `requires` says otherwise; each waits for the one before. */
  readonly children: readonly TreeSpec[];
}

/** Parts that are started, stopped and restarted together. */
export interface GroupSpec {
  /** Unique in the machine. A place in the tree, not an address: nobody answers there. */
  readonly id: string;
  readonly supervisor: SupervisorSpec;
  /** Ids, of parts or groups outside, that must be ready before the first child starts. */
  readonly requires?: readonly string[];
  /** Default `permanent`. A group that shuts itself down ends with `shutdown`, one that escalates with a crash. */
  readonly restart?: RestartType;
  readonly significant?: boolean;
  /** When false the machine boots without it and says so. Default true. */
  readonly required?: boolean;
}

export type TreeSpec = ChildSpec | GroupSpec;
