import type { ActorDefinition } from './define-actor.ts';

/** Any actor, as the runtime handles it. */
export type AnyActor = ActorDefinition<unknown, Record<string, (payload: unknown) => unknown>, unknown>;
