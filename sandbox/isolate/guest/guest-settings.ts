import type { LoadRequest } from '../../protocol/load-request.ts';

/** What the code inside an isolate is told of its guest. Crosses as JSON. */
export interface GuestSettings
  extends Pick<
    LoadRequest,
    'trust' | 'config' | 'capabilities' | 'features' | 'logLinesPerSecond' | 'concurrentSyscalls'
  > {
  readonly extension: { readonly id: string; readonly version: string };
  readonly limits: {
    readonly payloadBytes: number;
    readonly depth: number;
    readonly errorDetails: number;
    readonly logText: number;
    readonly timers: number;
    readonly timerMs: number;
  };
  readonly outlet: {
    /** Bytes before the text. */
    readonly head: number;
    /** With more items than these in a turn, draining once costs less than writing them out. */
    readonly directItems: number;
  };
}
