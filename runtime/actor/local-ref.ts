import { Outgoing } from '../port/outgoing.ts';
import type { ActorCell } from './actor-cell.ts';
import type { ActorRef, AskOptions } from './actor-ref.ts';
import { isTooLong, tooLong } from './ask-chain.ts';
import { currentCall } from './current-call.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import { deliverLocally } from './deliver-locally.ts';
import { Message } from './message.ts';
import { sendDeadline } from './send-deadline.ts';
import { sendMeta } from './send-meta.ts';
import { unanswered } from './unanswered.ts';

const never = Number.POSITIVE_INFINITY;
const refuse = (): void => {};

/** A ref to an actor of the same thread that is not a part. Valid over restarts of the actor, not after its end. */
export class LocalRef implements ActorRef<Record<string, (payload: unknown) => unknown>> {
  /** A ref cannot be cloned to another thread; a function among its members makes the attempt fail loudly. */
  readonly notCloneable = refuse;
  readonly #cell: ActorCell;
  readonly #from: string;
  readonly #deadlines: DeadlineQueue;

  /** @param from path of the actor that holds this ref */
  constructor(cell: ActorCell, from: string, deadlines: DeadlineQueue) {
    this.#cell = cell;
    this.#from = from;
    this.#deadlines = deadlines;
  }

  /** The cell a ref points to, or undefined for a ref of another kind. */
  static cellOf(ref: object): ActorCell | undefined {
    return #cell in ref ? ref.#cell : undefined;
  }

  get path(): string {
    return this.#cell.path;
  }

  ask(method: string, payload: unknown, options?: AskOptions): Promise<unknown> {
    const call = currentCall();
    const address = {
      target: this.path.slice(1),
      from: this.#from,
      signatures: new Map(),
      connection: undefined,
    };
    const deadline = sendDeadline(call, options);
    const meta = sendMeta(call, options);
    const outgoing = new Outgoing(address, method, payload, deadline, meta, this.#deadlines);
    call?.asks(outgoing);
    const promise = outgoing.promise(options?.signal);
    if (options?.signal?.aborted === true) outgoing.cancel();
    else if (isTooLong(meta?.chain)) outgoing.fail(tooLong(meta?.chain, this.path));
    else deliverLocally(this.#cell, outgoing);
    return promise;
  }

  tell(method: string, payload: unknown): void {
    const trace = currentCall()?.trace;
    const cell = this.#cell;
    cell.enqueue(new Message(unanswered, 0, false, cell, method, payload, this.#from, never, false, trace));
  }
}
