import type { ActorContext } from '../../../../runtime/actor/actor-context.ts';
import type { ActorRef } from '../../../../runtime/actor/actor-ref.ts';

/** The actor's own ref, with its protocol. */
export function selfOf<P>(context: ActorContext): ActorRef<P> {
  return context.self as unknown as ActorRef<P>;
}
