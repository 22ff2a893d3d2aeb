import type { Limits } from './limits.ts';

/** Of an extension whose manifest says nothing. */
export const defaultLimits: Limits = {
  cpuMsPerCall: 100,
  cpuMsPerMinute: 10_000,
  memoryMegabytes: 64,
  callsPerSecond: 10_000,
  messagesPerSecond: 1_000,
  concurrentCalls: 256,
  rowsPerCall: 10_000,
  egressBytesPerMinute: 16 * 1024 * 1024,
  diskMegabytes: 64,
  logLinesPerMinute: 600,
};
