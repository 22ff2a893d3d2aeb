/** What an extension can be granted. Effective = requested ∩ granted ∩ policy, checked in the host at each call. */
export type CapabilityName =
  | 'db.read'
  | 'db.write'
  | 'db.schema'
  | 'cache'
  | 'events.emit'
  | 'events.on'
  | 'http.route'
  | 'http.mount'
  | 'net.fetch'
  | 'files'
  | 'secrets.read'
  | 'catalog.read'
  | 'catalog.watch'
  | 'query.plan';

export interface Permission {
  readonly capability: CapabilityName;
  /**
   * What it covers; `*` is everything. `db.read`, `db.write`: `orders` or `orders(id,total)`. `db.schema`: `*`, a
   * schema of its own. `events.*`: names of the catalogue. `net.fetch`: hosts, `api.example.com`, `*.example.com`,
   * `example.com:8443`. `secrets.read`: names. `files`, `cache`: `*`. `http.route`: `*`, everything below its own
   * prefix `/ext/<name>`. `http.mount`: a path prefix.
   */
  readonly scope: readonly string[];
  /** One sentence for the operator who grants it. */
  readonly reason: string;
  /** The extension also works without it. */
  readonly optional?: boolean;
}

/** A route below `/ext/<name>`. */
export interface ManifestRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** `/hello/:who`; a last segment `*` takes the rest. */
  readonly path: string;
  /** True answers callers without a key too (webhooks). The operator is told. Default false. */
  readonly public?: boolean;
}

export type HookOperation = 'list' | 'read' | 'create' | 'update' | 'replace' | 'delete';

/** A hook on operations of the data API. */
export interface ManifestHook {
  readonly when: 'before' | 'after';
  /** Tables, or `*`. */
  readonly tables: readonly string[];
  readonly operations: readonly HookOperation[];
  /** Milliseconds it gets; default 100, at most 5,000. */
  readonly timeoutMs?: number;
  /** When it fails, is too slow or cannot run: `refuse` the request (default of before) or let it `pass` (of after). */
  readonly onFailure?: 'refuse' | 'pass';
}

export interface ManifestSchedule {
  readonly name: string;
  /** Five or six fields. */
  readonly cron: string;
  /** IANA name; default UTC. */
  readonly timezone?: string;
}

/** Upper bounds an extension asks for; the operator's policy may be narrower. Absent ones take the default. */
export interface ManifestLimits {
  readonly cpuMsPerCall?: number;
  readonly cpuMsPerMinute?: number;
  readonly memoryMegabytes?: number;
  readonly callsPerSecond?: number;
  /** Capability calls per second. */
  readonly messagesPerSecond?: number;
  readonly concurrentCalls?: number;
  readonly rowsPerCall?: number;
  readonly egressBytesPerMinute?: number;
  readonly diskMegabytes?: number;
  readonly logLinesPerMinute?: number;
}

/** What an extension says about itself before any of its code runs: `magflock.extension.json`. */
export interface ExtensionManifest {
  /** `publisher.name`, lower case. */
  readonly id: string;
  /** The name it is known by on the machine, for example `maggate`. */
  readonly name: string;
  readonly version: string;
  readonly description: string;
  /** Parts that must be ready before it starts. */
  readonly requiredComponents: readonly string[];
  readonly permissions: readonly Permission[];
  /** Version of the API between host and guest; 1. */
  readonly extensionApi?: number;
  /** Versions of MagFlock it runs on, a semver range: `>=0.1.0 <1.0.0`. */
  readonly engine?: string;
  /** Other extensions it needs: id to semver range. */
  readonly dependencies?: Readonly<Record<string, string>>;
  /** Source file that `pack` bundles; default `index.ts`. */
  readonly main?: string;
  /** For editors; nothing else reads it. */
  readonly $schema?: string;
  readonly homepage?: string;
  readonly routes?: readonly ManifestRoute[];
  readonly hooks?: readonly ManifestHook[];
  /** Events that wake it; each also needs `events.on`. */
  readonly events?: readonly string[];
  readonly schedules?: readonly ManifestSchedule[];
  /** True starts it with the machine instead of with its first call. */
  readonly startup?: boolean;
  /** SQL files with `-- UP` and `-- DOWN`, in order, for its own schema; needs `db.schema`. */
  readonly migrations?: readonly string[];
  /** JSON Schema of its configuration: an object of scalars. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly limits?: ManifestLimits;
  /** Counts up when the shape of what it keeps changes. */
  readonly stateVersion?: number;
}
