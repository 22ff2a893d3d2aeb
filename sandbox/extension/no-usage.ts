import type { ExtensionUsage } from '../../runtime/protocol/extensions.protocol.ts';

/** Of an extension that has used nothing yet. */
export const noUsage: ExtensionUsage = {
  calls: 0,
  failures: 0,
  concurrentCalls: 0,
  cpuMs: 0,
  cpuMsLastMinute: 0,
  heapBytes: 0,
  syscalls: 0,
  rows: 0,
  egressBytes: 0,
  diskBytes: 0,
  logLines: 0,
  refusals: {},
};
