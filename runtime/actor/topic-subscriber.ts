import type { ActorCell } from './actor-cell.ts';
import type { Method } from './behaviour.ts';
import { HandlerMessage } from './handler-message.ts';
import { Message, type MessageSource } from './message.ts';

const never = Number.POSITIVE_INFINITY;

/** One subscription of an actor of this thread. */
export class TopicSubscriber {
  readonly cell: ActorCell;
  readonly #name: string;
  /** The handler as a method; undefined where it is a method of the actor. */
  readonly own: Method | undefined;
  /** The handler. */
  readonly run: (message: never) => unknown;
  over = false;

  /** @param handler what to run, or the name of the actor's method */
  constructor(cell: ActorCell, topic: string, handler: ((message: never) => unknown) | string) {
    this.cell = cell;
    if (typeof handler === 'string') {
      this.#name = handler;
      this.run = () => undefined;
      return;
    }
    this.run = handler;
    const run = handler as (message: unknown) => unknown;
    // No method has a blank in its name.
    this.#name = `topic ${topic}`;
    this.own = {
      run: (_state: unknown, payload: unknown) => (this.over ? undefined : run(payload)),
      awaits: false,
      label: 0,
    };
  }

  message(source: MessageSource, payload: unknown, from: string): Message {
    return this.own === undefined
      ? new Message(source, 0, false, this.cell, this.#name, payload, from, never, false, undefined)
      : new HandlerMessage(source, this.cell, this.own, this.#name, payload, from);
  }
}
