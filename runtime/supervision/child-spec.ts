/** A replica that a thread carries: the module that exports `replica = defineReplica(...)`. */
export interface ReplicaSpec {
  readonly name: string;
  readonly module: URL;
  readonly args?: unknown;
}

/**
 * Supervision as data (the words of OTP's `supervisor`). Checked before start; a faulty one is MF608 and
 * names the field.
 */
export interface ChildSpec {
  /** Unique under its supervisor: `storage`, `cpu-0`. Also the name others resolve it by. */
  readonly id: string;
  /** Module that exports `actor = defineActor(...)`. */
  readonly module: URL;
  /** Handed to `init`; structured-cloneable. */
  readonly args?: unknown;
  readonly placement:
    | { readonly kind: 'inline' }
    /** Actors that name the same thread share it. Default name: the id. */
    | { readonly kind: 'thread'; readonly thread?: string; readonly heapMegabytes?: number };
  readonly replicas?: readonly ReplicaSpec[];
  /** Ids that must be ready before this one starts; also the order of stop, reversed. */
  readonly requires?: readonly string[];
  /** Default `permanent`. */
  readonly restart?: 'permanent' | 'transient' | 'temporary';
  /** Milliseconds it gets to stop before it is killed; default 5,000. */
  readonly shutdownMs?: number;
  /** Milliseconds it gets to init and start; default 30,000. */
  readonly startMs?: number;
  /** When false the machine boots without it and says so. Default true. */
  readonly required?: boolean;
  /** What kind of part it is, for POST and `status`. */
  readonly slot?: 'component' | 'extension' | 'peripheral';
}
