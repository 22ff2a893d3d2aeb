import type { CapabilityName } from '../../runtime/protocol/extension-manifest.ts';

/** One use of a capability by a guest, after the broker found a grant for it. */
export interface CapabilityCall {
  /** Id of the extension. */
  readonly extension: string;
  readonly name: string;
  /** The project this call is for: that of the request, or one the guest named and has. */
  readonly project: string;
  /** Id of the request on whose behalf; null outside of any. */
  readonly requestId: string | null;
  /** Effective scopes of this capability in this project. Ask `covers` or parse them; never empty. */
  readonly scopes: readonly string[];
  /** Arguments as they came from the guest: hostile. */
  readonly args: readonly unknown[];
  /** Aborted when the guest, its call or its grant ends. */
  readonly signal: AbortSignal;
  /** Absolute, milliseconds since the epoch. */
  readonly deadline: number;
  /** Takes from a quota. Throws MF664 when nothing is left. */
  spend(quota: 'rows' | 'egress' | 'disk', amount: number): void;
}

/** What one capability can do. */
export interface Capability {
  readonly name: CapabilityName;
  /** Methods by name. Each checks its arguments and its scope and answers with JSON. */
  readonly methods: Readonly<Record<string, (call: CapabilityCall) => Promise<unknown>>>;
  /** The grants of its extension are others now. */
  changed?(extension: string): void;
  /** Frees what it keeps for an extension: connections, subscriptions. */
  release?(extension: string): Promise<void>;
}
