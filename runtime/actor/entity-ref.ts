import { Outgoing } from '../port/outgoing.ts';
import type { ActorRef, AskOptions } from './actor-ref.ts';
import { currentCall } from './current-call.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import type { PassivationManager } from './passivation-manager.ts';
import { sendDeadline } from './send-deadline.ts';
import { sendMeta } from './send-meta.ts';

const never = Number.POSITIVE_INFINITY;

/** A ref to an entity by its key, in memory or not. Of the thread of its manager. */
export class EntityRef implements ActorRef<Record<string, (payload: unknown) => unknown>> {
  /** A function among its members makes the attempt to clone it fail loudly. */
  readonly notCloneable = (): void => {};
  readonly path: string;
  readonly #key: string;
  readonly #from: string;
  readonly #manager: PassivationManager;
  readonly #deadlines: DeadlineQueue;

  /** @param from path of the actor that manages */
  constructor(manager: PassivationManager, key: string, from: string, deadlines: DeadlineQueue) {
    this.path = `${from}/${key}`;
    this.#key = key;
    this.#from = from;
    this.#manager = manager;
    this.#deadlines = deadlines;
  }

  ask(method: string, payload: unknown, options?: AskOptions): Promise<unknown> {
    const call = currentCall();
    const meta = sendMeta(call, options);
    const deadline = sendDeadline(call, options);
    const outgoing = new Outgoing(this.#address(), method, payload, deadline, meta, this.#deadlines);
    call?.asks(outgoing);
    const promise = outgoing.promise(options?.signal);
    if (options?.signal?.aborted === true) outgoing.cancel();
    else this.#manager.send(this.#key, outgoing);
    return promise;
  }

  tell(method: string, payload: unknown): void {
    const trace = currentCall()?.trace;
    const meta = trace === undefined ? undefined : { trace };
    this.#manager.send(this.#key, new Outgoing(this.#address(), method, payload, never, meta, undefined));
  }

  #address() {
    return {
      target: this.path.slice(1),
      from: this.#from,
      signatures: new Map<string, number>(),
      connection: undefined,
    };
  }
}
