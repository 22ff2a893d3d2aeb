import type { GuestEntry } from '../protocol/guest-entry.ts';
import type { GuestEnd, GuestVitals, LoadedGuest, LoadRequest } from '../protocol/load-request.ts';

/** What a guest asks of the host. */
export interface Syscall {
  readonly capability: string;
  readonly method: string;
  /** JSON, as it came out of the cage: hostile. */
  readonly args: unknown;
  /** The call of the guest on whose behalf it asks, as `CallOptions.tag`; null outside of any. */
  readonly tag: unknown;
  /** Aborted when the guest, its call or its grant has ended. */
  readonly signal: AbortSignal;
}

/** Who answers for a guest on the host's side. */
export interface TenantHost {
  /** @returns JSON. Throws MagFlockError, which the guest gets as code and message. */
  syscall(call: Syscall): Promise<unknown>;
  log(level: 'debug' | 'info' | 'warn' | 'error', text: string): void;
  /** The guest is gone without having been asked to; calls under way have failed. Told once. */
  ended(end: GuestEnd & { readonly cage: 'alive' | 'killed' }): void;
}

export interface CallOptions {
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
  /** Milliseconds of processor time. */
  readonly cpuMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Comes back with each system call of this call: the project, the identity. */
  readonly tag?: unknown;
}

export interface CallResult {
  /** JSON text from the guest: hostile. */
  readonly payload: string;
  readonly cpuMicros: number;
}

/** A guest in a cage, as the host has it. */
export interface Tenant {
  readonly guest: LoadedGuest;
  /** Process of its cage. */
  readonly pid: number;
  /**
   * @param payload JSON text
   * @throws MF602 past its deadline, MF661 over its processor time, MF662 when the guest threw, MF601 when it ended
   */
  call(entry: GuestEntry, payload: string, options: CallOptions): Promise<CallResult>;
  /** The last signs of life, without asking. */
  vitals(): GuestVitals;
  /** Ends the isolate. Calls under way get MF601. */
  close(): Promise<void>;
}

export interface CageReport {
  readonly pid: number;
  readonly trust: LoadRequest['trust'];
  /** Ids of the extensions in it. */
  readonly tenants: readonly string[];
  /** Physical memory as the operating system counts it. */
  readonly memoryBytes: number;
  readonly startedAt: string;
  /** Walls of the host that are up: `uid`, `net`, `pid`, `mount`, `prlimit`, `cgroup`, `permission` … */
  readonly walls: readonly string[];
}

/** All cages of a machine. */
export interface CageFleet {
  /**
   * Puts a guest into a cage of its trust level; starts one when none has room.
   * @throws MF660 when the guest does not load, MF663 when it has ended too many cages and is in quarantine
   */
  open(request: LoadRequest, host: TenantHost): Promise<Tenant>;
  reports(): readonly CageReport[];
  /** Walls that the next cage is to have, before there is one. */
  plannedWalls(): readonly string[];
  /** Makes an empty cage for the first guest. Resolves when it is ready. @throws MF660 when there cannot be any */
  prepare(): Promise<void>;
  /** An operator lets an extension in again that had ended its cages. */
  forgive(id: string): void;
  /** Ends every cage. */
  stop(): Promise<void>;
}
