import { parentPort, workerData } from 'node:worker_threads';
import type { ActorRef } from '../../../runtime/actor/actor-ref.ts';
import type { AnyActor } from '../../../runtime/actor/any-actor.ts';
import { currentCall } from '../../../runtime/actor/current-call.ts';
import { sendDeadline } from '../../../runtime/actor/send-deadline.ts';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { startActor } from '../../../runtime/testing/actor-test-kit.ts';
import type { FromGuest, GuestBirth, ToGuest } from './fake-cage.ts';

// The guest's side of a cage that is none: an actor with nothing around it but this port.

const { href, args, incarnation } = workerData as GuestBirth;
const main = parentPort as NonNullable<typeof parentPort>;
const send = (message: FromGuest) => main.postMessage(message);
const waiting = new Map<number, PromiseWithResolvers<unknown>>();
const running = new Map<number, AbortController>();
let asked = 0;

/** What the guest asks of others goes out as data. */
const refs = new Proxy({} as Record<string, ActorRef<never>>, {
  get: (_target, path: string) => ({
    path,
    ask(method: string, payload: unknown, options: { readonly timeoutMs?: number } = {}) {
      const answer = Promise.withResolvers<unknown>();
      waiting.set(++asked, answer);
      const timeoutMs = sendDeadline(currentCall(), options) - Date.now();
      send({ kind: 'ask', id: asked, path, method, payload, timeoutMs });
      return answer.promise;
    },
    tell: (method: string, payload: unknown) => send({ kind: 'ask', id: 0, path, method, payload }),
  }),
});

const { actor } = (await import(href)) as { actor: AnyActor };
const { version, methods, concurrency, mailbox } = actor;

async function run({
  id,
  method,
  payload,
  from,
  deadline,
}: Extract<ToGuest, { kind: 'run' }>): Promise<void> {
  const controller = new AbortController();
  running.set(id, controller);
  try {
    const value = await kit.ask(method as never, payload as never, {
      from,
      deadline,
      signal: controller.signal,
    });
    structuredClone(value);
    send({ kind: 'answer', id, value });
  } catch (thrown) {
    const uncloneable = thrown instanceof DOMException && thrown.name === 'DataCloneError';
    const error = uncloneable ? new MagFlockError('MF614', 'not cloneable') : MagFlockError.from(thrown);
    send({ kind: 'failed', id, error: error.toEnvelope() });
  } finally {
    running.delete(id);
  }
}

main.on('message', (message: ToGuest) => {
  if (message.kind === 'run') void run(message);
  else if (message.kind === 'cancel') running.get(message.id)?.abort();
  else {
    const answer = waiting.get(message.id);
    waiting.delete(message.id);
    if (message.error === undefined) answer?.resolve(message.value);
    else answer?.reject(MagFlockError.fromEnvelope(message.error));
  }
});

const heartbeat = setInterval(() => send({ kind: 'alive' }), 20);
let kit: Awaited<
  ReturnType<typeof startActor<unknown, Record<string, (payload: unknown) => unknown>, unknown>>
>;
try {
  kit = await startActor(actor as never, { args, refs, incarnation });
  const capabilities = actor.getCapabilities?.(kit.state) ?? [];
  send({ kind: 'ready', version, methods: Object.keys(methods), concurrency, mailbox, capabilities });
} catch (error) {
  clearInterval(heartbeat);
  send({ kind: 'ended', error: MagFlockError.from(error).toEnvelope() });
}
