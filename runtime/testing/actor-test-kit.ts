import { randomUUID } from 'node:crypto';
import { Registry } from 'prom-client';
import { type Settings, settingDefinitions } from '../../config/settings.ts';
import type { ActorContext } from '../actor/actor-context.ts';
import type { ActorRef, AskOptions, Payload, Protocol, Reply } from '../actor/actor-ref.ts';
import type { ActorDefinition, CallContext } from '../actor/define-actor.ts';
import { checkEvent } from '../bus/check-event.ts';
import type { EventName } from '../bus/event-catalog.ts';
import type { EventPort } from '../bus/event-port.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import type { Logger } from '../telemetry/logger.ts';
import { VirtualTimers } from './virtual-timers.ts';

type AnyMethods = Readonly<Record<string, (payload: never) => unknown>>;

export interface TestKitOptions<Args> {
  readonly args?: Args;
  readonly settings?: Partial<Settings>;
  /** What other parts answer: `{ storage: { query: () => ({ rows: [], count: 0 }) } }`. */
  readonly parts?: Readonly<Record<string, AnyMethods>>;
  readonly replicas?: Readonly<Record<string, unknown>>;
}

/** An actor that runs alone, in this thread, with everything around it in the hands of its test. */
export interface ActorTestKit<State, P> {
  readonly state: State;
  readonly context: ActorContext;
  /** Runs a method as a message: errors are those its askers would see. */
  ask<M extends keyof P & string>(
    method: M,
    payload: Payload<P, M>,
    call?: Partial<CallContext>,
  ): Promise<Reply<P, M>>;
  /** Messages it sent to other parts, in order. */
  readonly sent: readonly { readonly part: string; readonly method: string; readonly payload: unknown }[];
  /** Events it announced. */
  readonly events: readonly { readonly name: EventName; readonly payload: unknown }[];
  /** Announces an event to its subscriptions. */
  announce(name: EventName, payload: unknown): Promise<void>;
  /** Changes it published to its replicas. */
  readonly published: readonly unknown[];
  /** Its timers; they run only when the test lets time pass. */
  readonly timers: VirtualTimers;
  /** Lines it logged. */
  readonly logged: readonly { readonly level: string; readonly line: readonly unknown[] }[];
  stop(): Promise<void>;
}

/** Starts a definition (`init`, then `start`) with a context that writes down instead of doing. */
export async function startActor<State, P, Args = undefined>(
  definition: ActorDefinition<State, P, Args>,
  options: TestKitOptions<Args> = {},
): Promise<ActorTestKit<State, P>> {
  const sent: { part: string; method: string; payload: unknown }[] = [];
  const events: { name: EventName; payload: unknown }[] = [];
  const published: unknown[] = [];
  const logged: { level: string; line: readonly unknown[] }[] = [];
  const handlers: { name: string; priority: number; handler: (payload: never) => unknown }[] = [];
  const timers = new VirtualTimers();
  const stopping = new AbortController();
  const defaults = Object.fromEntries(
    Object.entries(settingDefinitions).map(([name, setting]) => [name, setting.default]),
  );

  function part(name: string): ActorRef<Protocol> {
    const methods = options.parts?.[name];
    const run = async (method: string, payload: unknown) => {
      sent.push({ part: name, method, payload });
      const answer = methods?.[method];
      if (answer === undefined) throw new MagFlockError('MF604', `the test has no ${name}.${method}`);
      return answer(payload as never);
    };
    return {
      path: `/${name}`,
      ask: (method: string, payload: unknown, _options?: AskOptions) =>
        run(method, payload) as Promise<never>,
      tell: (method: string, payload: unknown) => void run(method, payload).catch(() => {}),
    };
  }

  const port: EventPort = {
    emit(name, payload) {
      checkEvent(name, payload);
      events.push({ name, payload });
    },
    on(name, handler, { priority = 0 } = {}) {
      const entry = { name, priority, handler: handler as (payload: never) => unknown };
      handlers.push(entry);
      handlers.sort((a, b) => b.priority - a.priority);
      return () => void handlers.splice(handlers.indexOf(entry), 1);
    },
  };

  const note =
    (level: string) =>
    (...line: readonly unknown[]) =>
      void logged.push({ level, line });
  const levels = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];
  const context = {
    path: `/${definition.name}`,
    incarnation: 1,
    settings: { ...defaults, ...options.settings } as unknown as Settings,
    log: Object.fromEntries(levels.map((level) => [level, note(level)])) as unknown as Logger,
    metrics: new Registry(),
    events: port,
    timers,
    signal: stopping.signal,
    part,
    replica(name: string) {
      const replica = options.replicas?.[name];
      if (replica === undefined) throw new MagFlockError('MF611', `the test has no replica of ${name}`);
      return replica;
    },
    publish: async (delta: unknown) => void published.push(structuredClone(delta)),
  } as unknown as ActorContext;

  const state = await definition.init(context, options.args as Args);
  await definition.start?.(state);

  return {
    state,
    context,
    sent,
    events,
    published,
    timers,
    logged,
    async ask(method, payload, call = {}) {
      const own = {
        id: randomUUID(),
        from: '/test',
        deadline: Date.now() + 30_000,
        signal: new AbortController().signal,
        trace: undefined,
      };
      try {
        return await definition.methods[method](state, payload, { ...own, ...call });
      } catch (error) {
        throw MagFlockError.from(error);
      }
    },
    async announce(name, payload) {
      checkEvent(name, payload);
      for (const entry of handlers.filter((each) => each.name === name))
        await entry.handler(payload as never);
    },
    async stop() {
      stopping.abort();
      timers.close();
      await definition.stop?.(state);
    },
  };
}
