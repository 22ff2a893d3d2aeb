import type { ManifestLimits } from '../../runtime/protocol/extension-manifest.ts';
import { defaultLimits } from './default-limits.ts';
import type { LimitName, Limits } from './limits.ts';

/** The most a manifest can ask for. */
const mostByManifest: Limits = {
  cpuMsPerCall: 5_000,
  cpuMsPerMinute: 60_000,
  memoryMegabytes: 512,
  callsPerSecond: 100_000,
  messagesPerSecond: 20_000,
  concurrentCalls: 4_096,
  rowsPerCall: 100_000,
  egressBytesPerMinute: 256 * 1024 * 1024,
  diskMegabytes: 4_096,
  logLinesPerMinute: 6_000,
};

/**
 * The bounds an extension runs with: what its manifest asks for, else the default; at most what a manifest may ask
 * for, and at most what the operator allows. Values that are no positive numbers count as absent, so that a faulty
 * entry never lifts a bound.
 * @param asked `limits` of the manifest
 * @param policy upper bounds of the operator
 */
export function resolveLimits(asked: ManifestLimits = {}, policy: Partial<Limits> = {}): Limits {
  const resolved = {} as Record<LimitName, number>;
  for (const name of Object.keys(defaultLimits) as LimitName[]) {
    const wanted = positive(asked, name) ?? defaultLimits[name];
    resolved[name] = Math.min(
      wanted,
      mostByManifest[name],
      positive(policy, name) ?? Number.POSITIVE_INFINITY,
    );
  }
  return Object.freeze(resolved);
}

function positive(from: Partial<Limits>, name: LimitName): number | undefined {
  const value: unknown = Object.hasOwn(from, name) ? from[name] : undefined;
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : undefined;
}
