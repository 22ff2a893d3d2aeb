/** Bounds of one extension, all present. From the defaults, the manifest and the operator's policy, the narrowest. */
export interface Limits {
  readonly cpuMsPerCall: number;
  readonly cpuMsPerMinute: number;
  readonly memoryMegabytes: number;
  readonly callsPerSecond: number;
  /** Capability calls per second. */
  readonly messagesPerSecond: number;
  readonly concurrentCalls: number;
  /** Rows one database call may return or write. */
  readonly rowsPerCall: number;
  /** Bytes sent and received by `net.fetch`. */
  readonly egressBytesPerMinute: number;
  readonly diskMegabytes: number;
  readonly logLinesPerMinute: number;
}

export type LimitName = keyof Limits;

/** What happens to an extension that stays over a limit; the call that went over it is refused in any case. */
export type LimitPolicy = 'throttle' | 'restart' | 'quarantine';
