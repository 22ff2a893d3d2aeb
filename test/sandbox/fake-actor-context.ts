import type { ActorContext } from '../../runtime/actor/actor-context.ts';
import type { Catalog } from '../../runtime/protocol/catalog.ts';
import { silentLog } from '../support/test-cluster.ts';

export interface FakeActorContext extends ActorContext {
  readonly emitted: readonly (readonly [name: string, payload: unknown])[];
  readonly asked: readonly (readonly [part: string, method: string, payload: unknown])[];
  readonly published: readonly unknown[];
  /** Delivers an event to whoever subscribed. */
  deliver(name: string, payload: unknown): void;
}

/** An actor's context with a Storage that answers from memory. */
export function fakeActorContext(catalogs: Readonly<Record<string, Catalog>>): FakeActorContext {
  const emitted: [string, unknown][] = [];
  const asked: [string, string, unknown][] = [];
  const published: unknown[] = [];
  const handlers = new Map<string, ((payload: never) => void)[]>();
  return {
    path: '/maggate',
    log: silentLog,
    emitted,
    asked,
    published,
    events: {
      emit: (name: string, payload: unknown) => void emitted.push([name, payload]),
      on: (name: string, handler: (payload: never) => void) => {
        handlers.set(name, [...(handlers.get(name) ?? []), handler]);
        return () => {};
      },
    },
    part: (part: string) => ({
      path: `/${part}`,
      tell() {},
      async ask(method: string, payload: { project: string }) {
        asked.push([part, method, payload]);
        if (method === 'catalog') return catalogs[payload.project];
        return method === 'watch' ? { watching: true } : undefined;
      },
    }),
    publish: async (delta: unknown) => void published.push(delta),
    deliver(name: string, payload: unknown) {
      for (const handler of handlers.get(name) ?? []) handler(payload as never);
    },
  } as unknown as FakeActorContext;
}
