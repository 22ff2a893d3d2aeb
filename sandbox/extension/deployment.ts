import type { ExtensionBroker } from '../broker/extension-broker.ts';
import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import { createMeter } from '../quota/create-meter.ts';
import type { ExtensionMeter, LimitListener } from '../quota/extension-meter.ts';
import type { Limits } from '../quota/limits.ts';
import { resolveLimits } from '../quota/resolve-limits.ts';
import type { ExtensionPlatform } from './extension-platform.ts';

/** One version of an extension with what it keeps over restarts of its isolate: what it has used, and its door. */
export interface Deployment {
  /** With the grants that are in force now. */
  installed: InstalledExtension;
  readonly limits: Limits;
  readonly meter: ExtensionMeter;
  readonly broker: ExtensionBroker;
  /** Project of what belongs to none: the only one it has, or none. */
  readonly home: string | null;
}

/** Makes ready what a version needs; nothing of it runs yet. */
export function deploymentOf(
  installed: InstalledExtension,
  platform: ExtensionPlatform,
  exceeded: LimitListener,
): Deployment {
  const limits = resolveLimits(installed.manifest.limits, platform.policy);
  const meter = createMeter({ id: installed.id, limits, exceeded });
  const [only, ...others] = installed.projects;
  return {
    installed,
    limits,
    meter,
    broker: platform.createBroker(installed, meter, limits),
    home: only === undefined || others.length > 0 ? null : only,
  };
}
