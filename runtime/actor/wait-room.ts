import { Deque } from './deque.ts';
import type { Message } from './message.ts';

/** Messages of one thread that may wait for room in a mailbox there. */
const heldLimit = 50_000;
/** Most credits a sending thread gets at first. */
const mostCredits = 256;

/**
 * Who may put how much into a mailbox of policy `wait`. Half of its places are given to other threads as credits,
 * the other half is for senders of the same thread, whose messages wait here when it is full.
 */
export class WaitRoom {
  readonly #held = new Deque<Message>();
  #granted = 0;

  get length(): number {
    return this.#held.length;
  }

  /** First credits of a sending thread: half of what is left. Never none, or the sender would wait for ever. */
  grant(limit: number): number {
    const left = Math.floor(limit / 2) - this.#granted;
    const count = Math.max(1, Math.min(mostCredits, Math.ceil(left / 2)));
    this.#granted += count;
    return count;
  }

  /** A sending thread has ended: its credits can be given to others. */
  ungrant(count: number): void {
    this.#granted -= count;
  }

  /** Has the mailbox room for one more of this thread, behind those that wait already? */
  hasRoom(limit: number, waiting: number): boolean {
    return this.#held.length === 0 && waiting < Math.ceil(limit / 2);
  }

  /** @returns false when even here is no room */
  hold(message: Message): boolean {
    if (this.#held.length >= heldLimit) return false;
    this.#held.push(message);
    return true;
  }

  /** The next message, when there is room for it. */
  next(limit: number, waiting: number): Message | undefined {
    return waiting < Math.ceil(limit / 2) ? this.#held.shift() : undefined;
  }

  clear(): Message[] {
    return this.#held.extract(() => true);
  }
}
