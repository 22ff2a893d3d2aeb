import { Deque } from './deque.ts';
import { estimateBytes } from './estimate-bytes.ts';
import type { Message } from './message.ts';

/** Messages of one thread that may wait for room in a mailbox there. */
const heldLimit = 50_000;
const heldBytes = 64 * 1024 * 1024;
/** Most credits a sending thread gets at first. */
const mostCredits = 256;

/**
 * Who may put how much into a mailbox of policy `wait`. Half of its places are given to other threads as credits,
 * the other half is for senders of the same thread, whose messages wait here when it is full.
 */
export class WaitRoom {
  readonly #held = new Deque<Message>();
  #granted = 0;
  #bytes = 0;

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
    if (this.#held.length >= heldLimit || this.#bytes > heldBytes) return false;
    message.bytes = estimateBytes(message.payload);
    this.#bytes += message.bytes;
    this.#held.push(message);
    return true;
  }

  /** The next message, when there is room for it. */
  next(limit: number, waiting: number): Message | undefined {
    const next = waiting < Math.ceil(limit / 2) ? this.#held.shift() : undefined;
    if (next !== undefined) this.#bytes -= next.bytes;
    return next;
  }

  clear(): Message[] {
    this.#bytes = 0;
    return this.#held.extract(() => true);
  }
}
