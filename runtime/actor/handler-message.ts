import type { ActorCell } from './actor-cell.ts';
import type { Method } from './behaviour.ts';
import { Message, type MessageSource } from './message.ts';

/** A message that brings its own method: it waits, counts and runs like every other one. */
export class HandlerMessage extends Message {
  readonly own: Method;

  constructor(
    source: MessageSource,
    to: ActorCell,
    own: Method,
    name: string,
    payload: unknown,
    from: string,
  ) {
    super(source, 0, false, to, name, payload, from, Number.POSITIVE_INFINITY, false, undefined);
    this.own = own;
  }

  /** What a message runs that its actor has no method for, or undefined. */
  static methodOf(message: Message): Method | undefined {
    return message instanceof HandlerMessage ? message.own : undefined;
  }
}
