import type { LoadRequest } from '../../../sandbox/protocol/load-request.ts';

/** A guest of a trusted publisher with default bounds. */
export function loadRequest(id: string, code: string): LoadRequest {
  return {
    id,
    version: '1.0.0',
    trust: 'signed',
    code,
    memoryMegabytes: 64,
    cpuMs: 1000,
    config: {},
    capabilities: [],
    features: [],
    logLinesPerSecond: 10,
    concurrentSyscalls: 64,
  };
}
