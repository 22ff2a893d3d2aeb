import type { Catalog } from './catalog.ts';
import type { ExtensionManifest } from './extension-manifest.ts';

export interface ExtensionLog {
  debug(facts: object, message: string): void;
  info(facts: object, message: string): void;
  warn(facts: object, message: string): void;
  error(facts: object, message: string): void;
}

/** What the host gives to an extension; every member that reaches outside is a capability it was granted. */
export interface ExtensionContext {
  readonly log: ExtensionLog;
  readonly config: Readonly<Record<string, string | number | boolean>>;
  /** Needs `catalog.read` and `catalog.watch`. */
  readonly catalog: {
    /** @param known `digests` of the catalogue at hand: what is the same is left out, see `Catalog.unchanged` */
    read(project: string, known?: Catalog['digests']): Promise<Catalog>;
    /** Calls back after each change of the project's schema. Ends with the extension. */
    watch(project: string, changed: () => void): Promise<void>;
  };
  /** Pushes a change to the gateway replicas of this extension; see `Gateway.applyDelta`. */
  publish(delta: unknown, options?: { readonly acknowledged?: boolean }): Promise<void>;
}

export interface ExtensionHealth {
  readonly status: 'ok' | 'degraded' | 'failed';
  readonly summary: string;
  readonly fix?: string;
}

/** Exported by one version of an extension, adopted by the next, which never runs `install` or `init`. */
export interface ExtensionHandover<State> {
  /** Version of the exported state; counts up when its shape changes. */
  readonly version: number;
  /** Structured-cloneable. Nothing is asked of the extension any more. */
  export(state: State): unknown;
  adopt(context: ExtensionContext, exported: unknown, fromVersion: number): State | Promise<State>;
}

/**
 * An extension, owner side.
 *
 * Life: `install` once → `init` → `start` → serving → `stop`; `uninstall` takes back what `install` did.
 */
export interface ExtensionDefinition<State> {
  readonly manifest: ExtensionManifest;
  install?(context: ExtensionContext): Promise<void>;
  uninstall?(context: ExtensionContext): Promise<void>;
  init(context: ExtensionContext): State | Promise<State>;
  /** How its state goes over to its next version in a hot swap, which is refused without it. */
  readonly handover?: ExtensionHandover<State>;
  start?(state: State): void | Promise<void>;
  stop?(state: State): void | Promise<void>;
  healthCheck?(state: State): ExtensionHealth | Promise<ExtensionHealth>;
  /** Lines for POST: `Discovered 11 tables`, `Generated 66 endpoints`. */
  getCapabilities?(state: State): readonly string[];
  /** Gateways: state of all projects for a replica that starts. */
  snapshot?(state: State): unknown;
  /** Gateways: make this project's data present in every replica before answering. */
  activate?(
    state: State,
    project: string,
  ): Promise<{ readonly version: number; readonly tables: number; readonly endpoints: number }>;
}
