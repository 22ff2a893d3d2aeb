import type { EventName, EventPayload } from '../../runtime/bus/event-catalog.ts';
import type { AuditFact } from '../../runtime/protocol/audit.protocol.ts';
import type { ExtensionLoginRequest } from '../../runtime/protocol/storage.protocol.ts';
import type { Logger } from '../../runtime/telemetry/logger.ts';
import type { ExtensionRuntime } from '../extension/extension-runtime.ts';
import type { Limits } from '../quota/limits.ts';
import type { InstalledExtension } from './installed-extension.ts';
import type { PackageTools } from './package-tools.ts';

/** A database login of an extension in one project. */
export interface ExtensionLogin {
  /** Connection URL: a secret. */
  readonly url: string;
  readonly schema: string | null;
}

/** What the life cycle asks of Storage. */
export interface ExtensionStorage {
  /** Refs of all projects there are. */
  projects(): Promise<readonly string[]>;
  extensionLogin(request: ExtensionLoginRequest): Promise<ExtensionLogin>;
  dropExtensionLogin(request: {
    readonly project: string;
    readonly extension: string;
    readonly keepSchema?: boolean;
  }): Promise<unknown>;
}

/** Runs the SQL of an extension with the extension's own login. */
export interface ExtensionMigrations {
  /** Number of migrations in force. */
  version(login: ExtensionLogin): Promise<number>;
  /** All that are not in force yet, each in a transaction. */
  up(installed: InstalledExtension, login: ExtensionLogin): Promise<void>;
  /** Takes back until `to` are in force. */
  down(installed: InstalledExtension, login: ExtensionLogin, to: number): Promise<void>;
}

export interface LifecycleOptions {
  readonly dataDir: string;
  readonly runtime: ExtensionRuntime;
  readonly storage: ExtensionStorage;
  readonly migrations: ExtensionMigrations;
  readonly packages: PackageTools;
  /** Bounds by which the operator narrows those of every manifest; default none. */
  readonly policy?: Partial<Limits>;
  readonly events: { emit<N extends EventName>(name: N, payload: EventPayload<N>): void };
  /** For what the machine does by itself; acts of operators are recorded where they come in. */
  readonly audit: (fact: AuditFact) => Promise<unknown>;
  readonly log: Pick<Logger, 'debug' | 'info' | 'warn' | 'error'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Told before each step of an operation, once the journal has it: `login main`. */
  readonly onStep?: (kind: string, step: string) => void | Promise<void>;
}
