import type { Endpoint } from './endpoint.ts';
import type { Login } from './login.ts';

/** What a server tells about itself, for POST and `status`. */
export interface ServerFacts {
  readonly kind: 'embedded' | 'external';
  /** `18.4` */
  readonly version: string;
  /** As `server_version_num` counts: 180004. */
  readonly versionNumber: number;
  readonly pid: number | null;
  /** Where it listens, without a password. */
  readonly address: string;
  /** What the operator should know: places other than expected, privileges that are missing. */
  readonly notes: readonly string[];
}

/** A PostgreSQL server: the embedded one, which is started and supervised here, or one outside. */
export interface DatabaseServer {
  /** Resolves when it takes connections. @throws MF7xx with the fix */
  start(): Promise<void>;
  /** Ends what was started here; an outside server is left alone. */
  stop(): Promise<void>;
  readonly facts: ServerFacts;
  readonly endpoint: Endpoint;
  /** The login that owns databases and makes roles. */
  readonly administrator: Login;
  /** Database that is there before ours are, and the administrator can enter. */
  readonly maintenance: string;
  readonly available: boolean;
  /** Told when it goes and when it is back. */
  onChange(listener: (change: ServerChange) => void): void;
}

export type ServerChange =
  | { readonly kind: 'unavailable'; readonly reason: string }
  | { readonly kind: 'available'; readonly afterMs: number };
