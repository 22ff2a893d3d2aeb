import type { AskOptions } from '../actor/actor-ref.ts';
import type { Timers } from '../actor/timers.ts';
import { MagFlockError } from '../errors/magflock-error.ts';

/** An answer with the deadline and the cancellation of its ask. */
export function settled<T>(answer: Promise<T>, timers: Timers, options: AskOptions = {}): Promise<T> {
  const { timeoutMs = 30_000, signal } = options;
  return new Promise<T>((resolve, reject) => {
    const cancel = timers.after(timeoutMs, () => {
      reject(new MagFlockError('MF602', `no answer within ${timeoutMs} ms`));
    });
    const abort = (): void => reject(new MagFlockError('MF606', 'the asker has cancelled'));
    if (signal?.aborted === true) abort();
    signal?.addEventListener('abort', abort, { once: true });
    const done = (): void => {
      cancel();
      signal?.removeEventListener('abort', abort);
    };
    answer.then(resolve, reject).finally(done);
  });
}
