import type { LimitName, LimitPolicy } from './limits.ts';

/**
 * The last step of each limit. Where callers decide how much is used, excess only throttles: else a stranger could
 * have an extension quarantined by calling it often.
 */
export const limitPolicies: Readonly<Record<LimitName, LimitPolicy>> = {
  cpuMsPerCall: 'quarantine',
  cpuMsPerMinute: 'throttle',
  memoryMegabytes: 'quarantine',
  callsPerSecond: 'throttle',
  messagesPerSecond: 'quarantine',
  concurrentCalls: 'throttle',
  rowsPerCall: 'throttle',
  egressBytesPerMinute: 'restart',
  diskMegabytes: 'throttle',
  logLinesPerMinute: 'throttle',
};
