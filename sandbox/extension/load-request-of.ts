import type { InstalledExtension } from '../lifecycle/installed-extension.ts';
import type { LoadRequest } from '../protocol/load-request.ts';
import type { Limits } from '../quota/limits.ts';
import { grantedCapabilities } from './granted-capabilities.ts';

/** Processor time of running the module once, milliseconds. */
const loadCpuMs = 1_000;
/** Capability calls of one guest under way at the same time. */
const concurrentSyscalls = 256;

/** What the cage is told of an extension: its code, and what it is to know of itself. */
export function loadRequestOf(
  installed: InstalledExtension,
  limits: Limits,
  code: string,
  now: number,
): LoadRequest {
  const { id, version, trust, config } = installed;
  return {
    id,
    version,
    trust,
    code,
    memoryMegabytes: limits.memoryMegabytes,
    cpuMs: loadCpuMs,
    config,
    capabilities: grantedCapabilities(installed, now),
    features: [],
    // A burst may use what a minute has; the meter keeps the minute.
    logLinesPerSecond: Math.max(10, Math.ceil(limits.logLinesPerMinute / 10)),
    concurrentSyscalls,
  };
}
