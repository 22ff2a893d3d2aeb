import { Registry } from 'prom-client';
import type { ActorContext } from '../../../runtime/actor/actor-context.ts';
import { defaultSettings } from './default-settings.ts';

/** A context whose parts, timers and events are seen by a test. */
export interface FakeContext {
  readonly context: ActorContext;
  /** What was told and asked: `sentinel.report`, `audit.append`. */
  readonly sent: { readonly to: string; readonly method: string; readonly payload: unknown }[];
  readonly emitted: { readonly name: string; readonly payload: unknown }[];
  readonly logged: string[];
  /** Runs what was to run every so often, once. */
  tick(): void;
  /** When set, asks fail with it. */
  failure: Error | undefined;
}

/** Builds a fake context. */
export function fakeContext(mode: 'block' | 'simulate' = 'block'): FakeContext {
  const every: (() => void | Promise<void>)[] = [];
  const fake: Omit<FakeContext, 'context'> = {
    sent: [],
    emitted: [],
    logged: [],
    failure: undefined,
    tick: () => {
      for (const callback of every) void callback();
    },
  };
  const log = (_fields: unknown, message: string): void => void fake.logged.push(message);
  const context = {
    path: '/sentinel',
    incarnation: 1,
    settings: { ...defaultSettings(), 'sentinel.mode': mode },
    log: { trace: log, debug: log, info: log, warn: log, error: log, fatal: log },
    metrics: new Registry(),
    events: {
      emit: (name: string, payload: unknown) => void fake.emitted.push({ name, payload }),
      on: () => () => {},
    },
    timers: {
      after: () => () => {},
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
        if (fake.failure !== undefined) throw fake.failure;
        fake.sent.push({ to: name, method, payload });
        return { id: 'entry-1' };
      },
    }),
    replica: () => {
      throw new Error('no replica here');
    },
    publish: async () => {},
  } as unknown as ActorContext;
  return Object.assign(fake, { context });
}
