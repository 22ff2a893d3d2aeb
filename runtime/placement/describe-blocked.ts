import type { BlockedThread } from '../telemetry/watchdog.ts';

/** A blocked thread in one line for people. */
export function describeBlocked(blocked: BlockedThread, over: boolean): string {
  const { thread, actor, method, running, forMs } = blocked;
  const took = `${Math.round(forMs)} ms`;
  if (running) {
    return over
      ? `${actor}.${method} held up thread ${thread} for ${took}`
      : `${actor}.${method} has been holding up thread ${thread} for ${took}`;
  }
  const last = actor === '' ? '' : `; the last message was ${actor}.${method}`;
  return over
    ? `thread ${thread} was held up for ${took}, outside of a message${last}`
    : `thread ${thread} has been held up for ${took}, outside of a message${last}`;
}
