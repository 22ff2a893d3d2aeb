import { randomUUID } from 'node:crypto';
import { BrokenCircuitError, BulkheadRejectedError, bulkhead, handleWhen, retry } from 'cockatiel';
import type { ActorRef, AskOptions, Payload, Reply } from '../actor/actor-ref.ts';
import { currentCall } from '../actor/current-call.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { type CircuitOptions, createCircuit } from './circuit.ts';
import type { EventPort } from './event-port.ts';

export interface CommandOptions<P> extends CircuitOptions {
  /** Methods that may run twice without harm: only these are tried again, and only inside the deadline. */
  readonly idempotent?: readonly (keyof P & string)[];
  /** Waits between tries in milliseconds; default 1, 2, 4, 8 and 16 seconds. */
  readonly retryMs?: readonly number[];
  /** Asks in flight to the target from here, and asks that may wait for a place; default 256 and 1,024. */
  readonly bulkhead?: { readonly inFlight: number; readonly waiting: number };
}

const defaultRetryMs = [1_000, 2_000, 4_000, 8_000, 16_000];
/** Milliseconds of a command that names no time. */
const defaultTimeoutMs = 30_000;

/**
 * A ref whose asks are commands: tried again where that is harmless, refused quickly while the target fails,
 * and never so many at once that one slow target takes everything. Tells pass as they are.
 * @param events hears when the target's supervisor has it ready again
 * @returns the same face as the ref, and `close`
 */
export function createCommandRef<P>(
  ref: ActorRef<P>,
  events: EventPort,
  options: CommandOptions<P> = {},
): ActorRef<P> & { close(): void } {
  const idempotent = new Set<string>(options.idempotent);
  const retryMs = options.retryMs ?? defaultRetryMs;
  const circuit = createCircuit(options);
  const wall = bulkhead(options.bulkhead?.inFlight ?? 256, options.bulkhead?.waiting ?? 1_024);
  const close = events.on('component.restarted', ({ path }) => {
    if (path === ref.path) circuit.targetReady();
  });

  async function ask<M extends keyof P & string>(
    method: M,
    payload: Payload<P, M>,
    given: AskOptions = {},
  ): Promise<Reply<P, M>> {
    const own = Date.now() + (given.timeoutMs ?? defaultTimeoutMs);
    const deadline = Math.min(own, currentCall()?.deadline ?? own);
    // One id for all tries: a journalled target runs it once, and a deadly one is not tried for ever.
    const id = given.id ?? (idempotent.has(method) ? randomUUID() : undefined);
    const options = id === undefined ? given : { ...given, id };
    const once = () =>
      circuit.policy.execute(() =>
        ref.ask(method, payload, { ...options, timeoutMs: Math.max(0, deadline - Date.now()) }),
      );
    try {
      return await wall.execute(() =>
        idempotent.has(method) ? tryAgain(once, deadline, given.signal) : once(),
      );
    } catch (error) {
      throw refusal(error, ref.path, method);
    }
  }

  function tryAgain<T>(
    once: () => Promise<T>,
    deadline: number,
    signal: AbortSignal | undefined,
  ): Promise<T> {
    let tries = 0;
    const worthIt = (error: unknown) => {
      const wait = retryMs[tries++];
      const known = refusal(error, ref.path, '');
      return (
        wait !== undefined && known.retryable && Date.now() + wait < deadline && signal?.aborted !== true
      );
    };
    return retry(handleWhen(worthIt), {
      maxAttempts: retryMs.length,
      backoff: { next: ({ attempt }) => backoffAt(attempt) },
    }).execute(once);
  }

  function backoffAt(attempt: number): {
    duration: number;
    next(c: { attempt: number }): ReturnType<typeof backoffAt>;
  } {
    return { duration: retryMs[attempt - 1] ?? 0, next: (context) => backoffAt(context.attempt) };
  }

  return { path: ref.path, ask, tell: (method, payload) => ref.tell(method, payload), close };
}

/** Errors of the policies in the words of the catalogue. */
function refusal(error: unknown, path: string, method: string): MagFlockError {
  if (error instanceof BrokenCircuitError) {
    return new MagFlockError('MF613', `${path} failed repeatedly; ${method} is not tried for now`);
  }
  if (error instanceof BulkheadRejectedError) {
    return new MagFlockError('MF603', `too many asks wait for ${path}`);
  }
  return MagFlockError.from(error);
}
