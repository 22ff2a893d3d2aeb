import type { ActorCell } from './actor-cell.ts';
import { Message } from './message.ts';
import { unanswered } from './unanswered.ts';

/** Senders have paths. */
const nobody = '';

/** A timer or another job as a call that nobody asked for, so that what it asks is known as its own. */
export function timerCall(cell: ActorCell): Message {
  const never = Number.POSITIVE_INFINITY;
  return new Message(unanswered, 0, false, cell, 'timer', undefined, nobody, never, false, undefined);
}

export function isTimerCall(call: Message): boolean {
  return call.from === nobody;
}
