import type { MagFlockError } from '../errors/magflock-error.ts';
import type { AnyActor } from './any-actor.ts';
import type { Message } from './message.ts';

/** Stands between an actor and the answers to its messages: they leave when what they rest on is durable. */
export interface OutputGate {
  /**
   * Before a message runs.
   * @returns true when it must not run, because it did already or cannot be kept; the gate answers it
   */
  takes(message: Message): boolean;
  /** A message has run. */
  reply(message: Message, value: unknown): void;
  fail(message: Message, error: MagFlockError): void;
  /** Another version of the actor goes on with the same state. */
  follow(definition: AnyActor): void;
  /** The actor goes on after an incarnation that was to take over has given up: what it took is taken back. */
  reopen(): Promise<void>;
  /** Resolves when every answer has left. */
  idle(): Promise<void>;
}
