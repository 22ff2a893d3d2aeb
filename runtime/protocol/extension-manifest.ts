/** Capabilities of SDK v0. Effective = requested ∩ granted ∩ policy, checked in the host at each call. */
export type CapabilityName = 'catalog.read' | 'catalog.watch' | 'query.plan' | 'http.mount';

export interface Permission {
  readonly capability: CapabilityName;
  /** What it covers: a path prefix for `http.mount`, `*` or table names for the others. */
  readonly scope: readonly string[];
  /** One sentence for the operator who grants it. */
  readonly reason: string;
}

/** What an extension says about itself before any of its code runs. */
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
}
