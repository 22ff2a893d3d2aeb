import { randomUUID } from 'node:crypto';
import type { ActorCell } from '../actor/actor-cell.ts';
import type { ActorContext } from '../actor/actor-context.ts';
import type { ActorRef, Payload, Reply } from '../actor/actor-ref.ts';
import type { AnyActor } from '../actor/any-actor.ts';
import type { ActorDefinition, CallContext } from '../actor/define-actor.ts';
import { Message, type MessageSource } from '../actor/message.ts';
import type { EndReason } from '../actor/terminated.ts';
import type { DeadLetter } from '../bus/dead-letter.ts';
import type { EventName } from '../bus/event-catalog.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { KitHost, type KitSurroundings } from './kit-host.ts';
import type { VirtualTimers } from './virtual-timers.ts';

export interface TestKitOptions<Args> extends KitSurroundings {
  readonly args?: Args;
  /** Number of its first life here; default 1. */
  readonly incarnation?: number;
}

/** An actor that runs alone, in this thread, with everything around it in the hands of its test. */
export interface ActorTestKit<State, P> {
  readonly state: State;
  readonly context: ActorContext;
  /** The actor as others write to it. */
  readonly self: ActorRef<P>;
  /** Runs a method as a message: errors are those its askers would see. */
  ask<M extends keyof P & string>(
    method: M,
    payload: Payload<P, M>,
    call?: Partial<CallContext>,
  ): Promise<Reply<P, M>>;
  /** A ref to a child, or whatever else has this path here. */
  ref<Q>(path: string): ActorRef<Q>;
  /** Messages it sent to other parts, in order. */
  readonly sent: readonly { readonly part: string; readonly method: string; readonly payload: unknown }[];
  /** Events it announced. */
  readonly events: readonly { readonly name: EventName; readonly payload: unknown }[];
  /** Announces an event to its subscriptions. */
  announce(name: EventName, payload: unknown): Promise<void>;
  /** Changes it published to its replicas. */
  readonly published: readonly unknown[];
  /** Its timers, and those of its children; they run only when the test lets time pass. */
  readonly timers: VirtualTimers;
  /** Lines it logged. */
  readonly logged: readonly { readonly level: string; readonly line: readonly unknown[] }[];
  readonly deadLetters: readonly DeadLetter[];
  /** What it published to topics. */
  readonly topics: readonly { readonly topic: string; readonly message: unknown }[];
  /** Somebody else publishes to a topic; waits until its subscription has run. */
  publishTo(topic: string, message: unknown): Promise<void>;
  /** A part of `parts` or `refs` ends (default: a crash): watches and links to it fire. */
  partEnds(name: string, reason?: EndReason): Promise<void>;
  /** It is back, in its next life. */
  partStarts(name: string): void;
  /** Lives that it ended itself, and why: `context.exit`, or an error with `onFailure: 'crash'`. */
  readonly ends: readonly { readonly incarnation: number; readonly reason: EndReason }[];
  /** What its supervisor would do after an end: the next life begins. What waits is run by it. */
  restart(): Promise<void>;
  /** Runs what waits, then `stop`. */
  stop(): Promise<void>;
}

/** Starts a definition (`init`, then `start`), its messages and timers as in a machine, everything else in its test. */
export async function startActor<State, P, Args = undefined>(
  definition: ActorDefinition<State, P, Args>,
  options: TestKitOptions<Args> = {},
): Promise<ActorTestKit<State, P>> {
  const { name } = definition;
  const host = new KitHost(options);
  const cell = host.cell(name);
  let context: ActorContext | undefined;
  let state: State | undefined;
  let incarnation = (options.incarnation ?? 1) - 1;
  const observed = {
    ...definition,
    async init(given: ActorContext, args: Args) {
      context = given;
      state = await definition.init(given, args);
      return state;
    },
  } as unknown as AnyActor;

  async function begin(): Promise<void> {
    incarnation += 1;
    await host.start(name, incarnation, observed, options.args);
    host.routes.update([{ name, thread: host.thread, state: 'ready', incarnation }]);
    host.open(name);
  }

  await begin();
  return {
    get state() {
      return state as State;
    },
    get context() {
      return context as ActorContext;
    },
    self: host.ref(`/${name}`, '/test') as unknown as ActorRef<P>,
    sent: host.sent,
    events: host.announced,
    published: host.published,
    timers: host.clock,
    logged: host.logged,
    deadLetters: host.deadLetters,
    topics: host.topicMessages,
    publishTo: (topic, message) => host.publishTo(topic, message),
    async partEnds(part, reason = { kind: 'crash', detail: 'as the test says' }) {
      host.partEnds(part, reason);
      await new Promise((resolve) => setImmediate(resolve));
    },
    partStarts: (part) => host.partStarts(part),
    ends: host.ends,
    ask: (method, payload, call = {}) => ask(cell, method, payload, call) as never,
    ref: <Q>(path: string) => host.ref(path, '/test') as unknown as ActorRef<Q>,
    announce: (event, payload) => host.announce(event, payload),
    restart: begin,
    async stop() {
      await host.stop(name);
      host.clock.close();
      host.close();
    },
  };
}

function ask(
  cell: ActorCell,
  method: string,
  payload: unknown,
  call: Partial<CallContext>,
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const source: MessageSource = {
      started: () => {},
      reply: (_slot, value) => resolve(value),
      fail: (_slot, error) => reject(MagFlockError.from(error)),
      release: () => reject(new MagFlockError('MF602', `${method} was not run before its deadline`)),
    };
    const { from = '/test', deadline = Date.now() + 30_000, trace, id = randomUUID() } = call;
    const message = new Message(source, 0, true, cell, method, payload, from, deadline, false, trace);
    Object.defineProperty(message, 'id', { value: id });
    if (call.signal !== undefined) Object.defineProperty(message, 'signal', { value: call.signal });
    cell.enqueue(message);
  });
}
