import type { ExtensionBroker } from '../broker/extension-broker.ts';
import type { CageFleet } from '../cage/tenant.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import type { ExtensionMeter } from '../quota/extension-meter.ts';
import type { Limits } from '../quota/limits.ts';

/** What every extension runs on: made once, by the part. */
export interface ExtensionPlatform {
  readonly fleet: CageFleet;
  /** The door of one version of an extension to the machine. */
  createBroker(installed: InstalledExtension, meter: ExtensionMeter, limits: Limits): ExtensionBroker;
  /** Text of the bundled module. */
  readCode(installed: InstalledExtension): Promise<string>;
  /** Bounds by which the operator narrows those of every manifest. */
  readonly policy: Partial<Limits>;
  /** What follows the use of a capability that the manifest does not declare, after the end of the guest. */
  readonly onUndeclared: 'restart' | 'quarantine';
  /** Longest time of a request, an event or a scheduled run, milliseconds. */
  readonly callMs: number;
  /** An extension that nobody called for this long gives its isolate back, milliseconds. */
  readonly idleMs: number;
  /** Longest time the calls of a replaced or stopped version get to end, milliseconds. */
  readonly drainMs: number;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
