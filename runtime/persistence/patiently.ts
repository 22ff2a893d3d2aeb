import { setTimeout as pause } from 'node:timers/promises';
import { MagFlockError } from '../errors/magflock-error.ts';

/** Milliseconds to wait for a database that is away, and between two tries. */
const patienceMs = 20_000;
const retryMs = 250;

/**
 * Tries again while the error says that this helps. A database that is away for a moment must not use up the
 * restarts of an actor that is starting.
 */
export async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const until = Date.now() + patienceMs;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const known = MagFlockError.from(error);
      const lost = known.code === 'MF631';
      if (lost || !known.retryable || Date.now() + retryMs > until || signal.aborted) throw known;
      await pause(retryMs);
    }
  }
}
