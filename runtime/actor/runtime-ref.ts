import type { ActorHost } from '../placement/actor-host.ts';
import { type Address, Outgoing } from '../port/outgoing.ts';
import type { ActorRef, AskOptions } from './actor-ref.ts';
import { isTooLong, tooLong } from './ask-chain.ts';
import { currentCall } from './current-call.ts';
import { deliverLocally } from './deliver-locally.ts';
import { sendDeadline } from './send-deadline.ts';
import { sendMeta } from './send-meta.ts';

const never = Number.POSITIVE_INFINITY;

/** A ref to an actor of this machine, wherever it runs; looks its route up at each send. */
export class RuntimeRef implements ActorRef<Record<string, (payload: unknown) => unknown>> {
  readonly path: string;
  readonly #host: ActorHost;
  readonly #address: Address;
  /** The part that is routed to: the target itself, or the one whose child the target is. */
  readonly #part: string;

  /**
   * @param from path of the actor that holds this ref
   * @param target path of the actor it points to, without the first slash
   */
  constructor(host: ActorHost, from: string, target: string) {
    this.path = `/${target}`;
    this.#host = host;
    this.#address = { target, from, signatures: new Map(), connection: undefined };
    this.#part = target.split('/')[0] as string;
  }

  ask(method: string, payload: unknown, options?: AskOptions): Promise<unknown> {
    const call = currentCall();
    const deadline = sendDeadline(call, options);
    const meta = sendMeta(call, options);
    const outgoing = new Outgoing(this.#address, method, payload, deadline, meta, this.#host.deadlines);
    call?.asks(outgoing);
    const promise = outgoing.promise(options?.signal);
    if (options?.signal?.aborted === true) outgoing.cancel();
    else if (isTooLong(meta?.chain)) outgoing.fail(tooLong(meta?.chain, this.path));
    else this.#send(outgoing);
    return promise;
  }

  tell(method: string, payload: unknown): void {
    const trace = currentCall()?.trace;
    const meta = trace === undefined ? undefined : { trace };
    this.#send(new Outgoing(this.#address, method, payload, never, meta, undefined));
  }

  #isPoison(outgoing: Outgoing, id: string): boolean {
    const { target, from } = this.#address;
    const { method, asked, payload } = outgoing;
    const refusal = this.#host.poison.refusal(target, method, id);
    if (refusal === undefined) return false;
    const letter = { to: target, from, method, reason: 'poison', detail: refusal.message } as const;
    this.#host.deadLetter(letter, { asked, payload, id });
    if (asked) outgoing.fail(refusal);
    return true;
  }

  #send(outgoing: Outgoing): void {
    const id = outgoing.meta?.id;
    if (id !== undefined && this.#isPoison(outgoing, id)) return;
    const route = this.#host.routes.get(this.#part);
    if (route === undefined || route.state === 'unavailable') this.#host.refuse(outgoing);
    else if (route.thread !== this.#host.thread) this.#host.link(route.thread).send(outgoing);
    else deliverLocally(this.#host.cell(this.#address.target), outgoing);
  }
}
