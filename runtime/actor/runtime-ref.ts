import type { ActorHost } from '../placement/actor-host.ts';
import { type Address, Outgoing } from '../port/outgoing.ts';
import type { Meta } from '../port/wire-record.ts';
import type { ActorRef, AskOptions } from './actor-ref.ts';
import { currentCall } from './current-call.ts';
import { LocalSource } from './local-source.ts';
import { Message } from './message.ts';

/** Milliseconds an ask may take when its sender names no time. */
const defaultTimeoutMs = 30_000;
const never = Number.POSITIVE_INFINITY;

/** A ref to an actor of this machine, wherever it runs; looks its route up at each send. */
export class RuntimeRef implements ActorRef<Record<string, (payload: unknown) => unknown>> {
  readonly path: string;
  readonly #host: ActorHost;
  readonly #address: Address;

  /**
   * @param from path of the actor that holds this ref
   * @param target name of the actor it points to
   */
  constructor(host: ActorHost, from: string, target: string) {
    this.path = `/${target}`;
    this.#host = host;
    this.#address = { target, from, signatures: new Map(), connection: undefined };
  }

  ask(method: string, payload: unknown, options?: AskOptions): Promise<unknown> {
    const call = currentCall();
    let deadline = Date.now() + (options?.timeoutMs ?? defaultTimeoutMs);
    if (call !== undefined && call.deadline < deadline) deadline = call.deadline;
    const meta = metaOf(call?.trace, options?.priority);
    const outgoing = new Outgoing(this.#address, method, payload, deadline, meta, this.#host.deadlines);
    const promise = outgoing.promise(options?.signal);
    if (options?.signal?.aborted === true) outgoing.cancel();
    else this.#send(outgoing);
    return promise;
  }

  tell(method: string, payload: unknown): void {
    const meta = metaOf(currentCall()?.trace, undefined);
    this.#send(new Outgoing(this.#address, method, payload, never, meta, undefined));
  }

  #send(outgoing: Outgoing): void {
    const { target, from } = this.#address;
    const route = this.#host.routes.get(target);
    if (route === undefined || route.state === 'unavailable') {
      this.#host.refuse(outgoing);
      return;
    }
    if (route.thread !== this.#host.thread) {
      this.#host.link(route.thread).send(outgoing);
      return;
    }
    const { asked, method, payload, deadline, meta } = outgoing;
    const source = new LocalSource(outgoing);
    const high = meta?.high === true;
    const message = new Message(source, 0, asked, target, method, payload, from, deadline, high, meta?.trace);
    const cell = this.#host.cell(target);
    if (asked) outgoing.onAbandon = () => cell.cancel(message);
    cell.enqueue(message);
  }
}

function metaOf(trace: string | undefined, priority: AskOptions['priority']): Meta | undefined {
  if (trace === undefined && priority !== 'high') return undefined;
  return { ...(trace === undefined ? {} : { trace }), ...(priority === 'high' ? { high: true } : {}) };
}
