import type {
  CapabilityName,
  ExtensionManifest,
  HookOperation,
  ManifestLimits,
  Permission,
} from './extension-manifest.ts';
import type { RequestRole } from './identity.protocol.ts';

/** Facts of an operation of the data API, as a hook gets them. Never a key, never a role to choose. */
export interface HookFacts {
  readonly project: string;
  readonly operation: HookOperation;
  /** What the caller asked for, when an earlier hook made another operation of it. */
  readonly asked?: HookOperation;
  readonly table: string;
  /** Of the row, percent-decoded; null for list and create. */
  readonly id: string | null;
  /** Raw query without `?`. */
  readonly query: string;
  /** The parsed body; null without one. */
  readonly body: unknown;
  readonly role: RequestRole;
  /** Claims of the caller's token; an empty object for a key. */
  readonly claims: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  /** After-hooks only: what the caller is about to get. */
  readonly answer?: { readonly status: number; readonly body: unknown };
}

/** What a before-hook may decide. Everything it changes is inspected and authorised again. */
export interface BeforeHookResult {
  /** Ends the request: status 400 to 499. */
  readonly refuse?: { readonly status: number; readonly message: string };
  /** Another operation on the same table and row: delete → update. A read stays a read. */
  readonly operation?: HookOperation;
  readonly body?: unknown;
  /** Raw query without `?`. */
  readonly query?: string;
  /**
   * Conditions that a row must meet besides, in the dialect's words: `deleted_at=is.null`. Also for one row by id; not
   * for create.
   */
  readonly filter?: string;
}

/** What an after-hook may change: the body of the answer, and headers that begin with `X-`. */
export interface AfterHookResult {
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A request to a route of an extension. */
export interface GuestRequest {
  readonly project: string;
  readonly method: string;
  /** Below `/ext/<name>`: `/hello/you`. */
  readonly path: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: Readonly<Record<string, string | readonly string[]>>;
  /** Without keys and cookies. */
  readonly headers: Readonly<Record<string, string>>;
  /** Text as it came; null without one. */
  readonly body: string | null;
  /** Null for callers without a key, which only public routes have. */
  readonly role: RequestRole | null;
  readonly claims: Readonly<Record<string, unknown>>;
  readonly requestId: string;
}

export interface GuestResponse {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Text goes out as it is; anything else as JSON. */
  readonly body?: unknown;
}

/** A hook as the CPU threads know it. */
export interface ActiveHook {
  readonly extension: string;
  readonly when: 'before' | 'after';
  readonly tables: readonly string[];
  readonly operations: readonly HookOperation[];
  readonly timeoutMs: number;
  readonly onFailure: 'refuse' | 'pass';
}

/** A route as the CPU threads know it. */
export interface ActiveRoute {
  readonly extension: string;
  /** Name of the extension: the segment after `/ext/`, or the prefix of an `http.mount`. */
  readonly prefix: string;
  readonly method: string;
  readonly path: string;
  readonly public: boolean;
}

/** What the owner pushes to its replicas in the CPU threads, whole each time. */
export interface ExtensionsTable {
  readonly version: number;
  /** By project. Hooks in the order in which they run. */
  readonly projects: Readonly<
    Record<string, { readonly hooks: readonly ActiveHook[]; readonly routes: readonly ActiveRoute[] }>
  >;
}

export interface Grant extends Permission {
  readonly grantedAt: string;
  /** ISO 8601; absent for no end. */
  readonly expiresAt?: string;
}

export type ExtensionState = 'active' | 'idle' | 'starting' | 'failed' | 'disabled' | 'quarantined';

/** One extension of this machine, as `magflock ext list` and `info` show it. */
export interface ExtensionInfo {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
  readonly trust: 'core' | 'signed' | 'unsigned';
  /** Status word of its package. */
  readonly signature: 'core' | 'signed' | 'unsigned' | 'modified' | 'revoked';
  readonly state: ExtensionState;
  /** Why it is failed, disabled or quarantined; null else. */
  readonly reason: string | null;
  readonly projects: readonly string[];
  readonly manifest: ExtensionManifest;
  readonly grants: readonly Grant[];
  readonly installedAt: string;
  /** A version that waits for approval, with the permissions it asks for besides. */
  readonly staged: { readonly version: string; readonly permissions: readonly Permission[] } | null;
  readonly incarnation: number;
  readonly restarts: number;
  readonly usage: ExtensionUsage;
  /** What it may use: of its manifest and the operator's settings the narrower. */
  readonly limits: Required<ManifestLimits>;
  /** The newest last: starts, ends, limits, refusals. */
  readonly history: readonly { readonly at: string; readonly what: string; readonly detail: string }[];
}

/** Since it was installed or the machine started. */
export interface ExtensionUsage {
  readonly calls: number;
  readonly failures: number;
  readonly concurrentCalls: number;
  readonly cpuMs: number;
  readonly cpuMsLastMinute: number;
  readonly heapBytes: number;
  readonly syscalls: number;
  readonly rows: number;
  readonly egressBytes: number;
  readonly diskBytes: number;
  readonly logLines: number;
  /** By name of the limit. */
  readonly refusals: Readonly<Record<string, number>>;
}

/** A sentence for the operator, with what it grants. */
export interface PermissionQuestion {
  readonly capability: CapabilityName;
  readonly scope: readonly string[];
  /** `Read rows of table orders`. */
  readonly sentence: string;
  readonly reason: string;
  readonly optional: boolean;
  readonly risk: 'low' | 'medium' | 'high';
}

/** A package before it is installed: what it is and what it wants. */
export interface PackageReview {
  readonly id: string;
  readonly name: string;
  readonly version: string;
  readonly publisher: string;
  readonly signature: ExtensionInfo['signature'];
  /** Fingerprint of the key that signed it; null without. */
  readonly signedBy: string | null;
  readonly sha256: string;
  readonly questions: readonly PermissionQuestion[];
  /** Permissions beyond those of the installed version. */
  readonly added: readonly PermissionQuestion[];
  readonly findings: readonly {
    readonly severity: 'info' | 'warning' | 'danger';
    readonly rule: string;
    readonly message: string;
    readonly file: string;
    readonly line: number | null;
  }[];
  /** Sentences about what does not fit this machine; nothing is installed unless it is empty. */
  readonly obstacles: readonly string[];
  readonly installed: string | null;
}

export interface InstallRequest {
  /** Absolute path of a `.magx` that the daemon can read. */
  readonly file: string;
  readonly projects: readonly string[];
  /** What the operator granted. For an update, absent keeps the grants there are. */
  readonly grants?: readonly Permission[];
  readonly config?: Readonly<Record<string, string | number | boolean>>;
  /** Lets a package without a signature in. */
  readonly allowUnsigned?: boolean;
}

/** The extensions part: cages, broker, quotas and life cycle of third-party code. */
export interface ExtensionsProtocol {
  review(request: { readonly file: string }): PackageReview;
  install(request: InstallRequest): ExtensionInfo;
  /** `staged` in the answer when it asks for more than it has and `grants` does not say so. */
  update(request: InstallRequest): ExtensionInfo;
  /** Puts the staged version in place. Without grants for what it adds, refuses it: the old one stays. */
  decideUpdate(request: {
    readonly id: string;
    readonly accept: boolean;
    readonly grants?: readonly Permission[];
  }): ExtensionInfo;
  remove(request: { readonly id: string; readonly keepData?: boolean }): { readonly id: string };
  list(request: null): readonly ExtensionInfo[];
  /** By id or name. Throws MF665. */
  info(request: { readonly id: string }): ExtensionInfo;
  /** Replaces the grant of one capability; an empty scope revokes it, at once. */
  grant(request: {
    readonly id: string;
    readonly capability: CapabilityName;
    readonly scope: readonly string[];
    readonly expiresAt?: string;
  }): ExtensionInfo;
  enable(request: { readonly id: string }): ExtensionInfo;
  disable(request: { readonly id: string }): ExtensionInfo;
  quarantine(request: { readonly id: string; readonly reason: string }): ExtensionInfo;
  release(request: { readonly id: string }): ExtensionInfo;
  logs(request: { readonly id: string; readonly limit: number }): readonly {
    readonly at: string;
    readonly level: string;
    readonly text: string;
  }[];
  cages(request: null): readonly {
    readonly pid: number;
    readonly trust: string;
    readonly tenants: readonly string[];
    readonly memoryBytes: number;
    readonly startedAt: string;
    readonly walls: readonly string[];
  }[];
  /** From the CPU threads. Payload and answer are JSON text. */
  hook(request: {
    readonly extension: string;
    readonly when: 'before' | 'after';
    readonly project: string;
    /** `HookFacts`. */
    readonly facts: string;
    /** Of the request on whose behalf it runs; the audit rows of what it writes have it. */
    readonly requestId: string;
    readonly timeoutMs: number;
  }): string;
  request(request: {
    readonly extension: string;
    readonly project: string;
    /** `GuestRequest`. */
    readonly request: string;
    readonly requestId: string;
  }): string;
  /** Publishers whose signatures count. */
  publishers(request: null): readonly {
    readonly publisher: string;
    readonly key: string;
    readonly fingerprint: string;
    readonly trustedAt: string;
  }[];
  trust(request: { readonly publisher: string; readonly key: string }): { readonly fingerprint: string };
  distrust(request: { readonly publisher: string }): { readonly publisher: string };
  /** Takes a key or a package out of circulation: what runs with it is quarantined. */
  revoke(request: { readonly fingerprint?: string; readonly sha256?: string; readonly reason: string }): {
    readonly quarantined: readonly string[];
  };
}

/** Extensions in a CPU thread. */
export interface ExtensionsReplica {
  /** Hooks that run for this operation, in order; undefined when there are none, which is the usual case. */
  hooks(
    project: string,
    table: string,
    operation: HookOperation,
    when: 'before' | 'after',
  ): readonly ActiveHook[] | undefined;
  /** Throws what became of it: MF602, MF660 to MF664. */
  /** @param deadline of the request; the hook's own time begins when its extension runs */
  callHook(hook: ActiveHook, facts: HookFacts, deadline: number): Promise<unknown>;
}
