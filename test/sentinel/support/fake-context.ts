import { Registry } from 'prom-client';
import type { Settings } from '../../../config/settings.ts';
import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { defaultSettings } from './default-settings.ts';

/** A context whose parts, timers and events are seen by a test. */
export interface FakeContext {
  readonly context: ActorContext;
  /** What was told and asked: `sentinel.report`, `audit.append`. Not what Storage was asked. */
  readonly sent: { readonly to: string; readonly method: string; readonly payload: unknown }[];
  readonly emitted: { readonly name: string; readonly payload: unknown }[];
  readonly logged: string[];
  /** What was pushed to the replicas. */
  readonly published: unknown[];
  /** Runs what was to run every so often, once, and what was to run later. Resolves when it has ended. */
  tick(): Promise<void>;
  /** Announces an event to whoever has subscribed. Resolves when the handlers have ended. */
  announce(name: string, payload: unknown): Promise<void>;
  /** When set, asks fail with it (but those of Storage, which fail by themselves). */
  failure: Error | undefined;
  /** When set, a push waits for it. */
  acknowledgement: Promise<void> | undefined;
}

export interface FakeContextOptions {
  readonly settings?: Partial<Settings>;
  // biome-ignore lint/suspicious/noExplicitAny: the ref of Storage as far as a test needs it
  readonly storage?: (method: string, payload: any) => Promise<any>;
  /** Answers asks to all other parts. */
  readonly ask?: (to: string, method: string, payload: unknown) => Promise<unknown>;
}

/** Builds a fake context. */
export function fakeContext(
  mode: 'block' | 'simulate' = 'block',
  options: FakeContextOptions = {},
): FakeContext {
  const every: (() => void | Promise<void>)[] = [];
  const after: (() => void | Promise<void>)[] = [];
  const handlers = new Map<string, ((payload: unknown) => void | Promise<void>)[]>();
  const fake: Omit<FakeContext, 'context'> = {
    sent: [],
    emitted: [],
    logged: [],
    published: [],
    failure: undefined,
    acknowledgement: undefined,
    async tick() {
      // All begin in this turn, as those of a test that does not wait expect.
      await Promise.all([...after.splice(0), ...every].map((callback) => callback()));
    },
    async announce(name, payload) {
      await Promise.all((handlers.get(name) ?? []).map((handler) => handler(payload)));
    },
  };
  const log = (_fields: unknown, message: string): void => void fake.logged.push(message);
  const storage = options.storage ?? (async () => ({ rows: [], count: 0 }));
  const context = {
    path: '/sentinel',
    incarnation: 1,
    settings: { ...defaultSettings(), 'sentinel.mode': mode, ...options.settings },
    log: { trace: log, debug: log, info: log, warn: log, error: log, fatal: log },
    metrics: new Registry(),
    events: {
      emit: (name: string, payload: unknown) => void fake.emitted.push({ name, payload }),
      on: (name: string, handler: (payload: unknown) => void) => {
        handlers.set(name, [...(handlers.get(name) ?? []), handler]);
        return () => void handlers.delete(name);
      },
    },
    timers: {
      after: (_milliseconds: number, callback: () => void) => {
        after.push(callback);
        return () => {};
      },
      every: (_milliseconds: number, callback: () => void) => {
        every.push(callback);
        return () => {};
      },
    },
    signal: new AbortController().signal,
    part: (name: string) => ({
      path: `/${name}`,
      tell: (method: string, payload: unknown) => void fake.sent.push({ to: name, method, payload }),
      ask: async (method: string, payload: unknown) => {
        if (name === 'storage') return storage(method, payload);
        if (fake.failure !== undefined) throw fake.failure;
        fake.sent.push({ to: name, method, payload });
        return options.ask === undefined ? { id: 'entry-1' } : options.ask(name, method, payload);
      },
    }),
    replica: () => {
      throw new Error('no replica here');
    },
    publish: async (delta: unknown) => {
      fake.published.push(structuredClone(delta));
      await fake.acknowledgement;
    },
  } as unknown as ActorContext;
  return Object.assign(fake, { context });
}
