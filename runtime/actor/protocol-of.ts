import type { ActorContext } from './actor-context.ts';
import type { ActorDefinition, CallContext } from './define-actor.ts';

// biome-ignore-start lint/suspicious/noExplicitAny: inference needs places that any type fits
/**
 * The protocol of a definition, for those who write to it.
 * @example
 * export type CounterProtocol = ProtocolOf<typeof actor>;
 */
export type ProtocolOf<Definition> = Definition extends ActorDefinition<any, infer P, any> ? P : never;

export type AnyMethods<State> = Readonly<
  Record<string, (state: State, payload: any, call: CallContext) => unknown>
>;

/** Methods as their askers see them. One that looks at no payload takes null. */
export type InferredProtocol<M> = {
  [N in keyof M]: M[N] extends (state: any, payload: infer A, call: any) => infer R
    ? (payload: unknown extends A ? null : A) => Awaited<R>
    : never;
};

/** A definition whose protocol is read off its methods. */
export type InferredActor<State, M, Args> = Omit<ActorDefinition<State, any, Args>, 'init' | 'methods'> & {
  // Again, and first, so that the state is known where the methods are looked at.
  init(context: ActorContext, args: Args): State | Promise<State>;
  readonly methods: M;
};
// biome-ignore-end lint/suspicious/noExplicitAny: inference needs places that any type fits
