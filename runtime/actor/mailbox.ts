import type { MailboxOptions } from './define-actor.ts';
import { Deque } from './deque.ts';
import { estimateBytes } from './estimate-bytes.ts';
import type { Message } from './message.ts';

/** Work of the runtime for an actor: stop, snapshot, a timer that fired. */
export type Job = () => void | Promise<void>;

const none: readonly Message[] = [];
const defaults = { limit: 10_000, bytes: 64 * 1024 * 1024, overflow: 'reject' } as const;

/**
 * Waiting messages of one actor. It belongs to the runtime and outlives an incarnation.
 * Order of taking: jobs of the runtime (never dropped, never behind a user's message), high, normal.
 */
export class Mailbox {
  readonly #jobs = new Deque<Job>();
  readonly #high = new Deque<Message>();
  readonly #normal = new Deque<Message>();
  #options: Required<MailboxOptions> = defaults;
  #bytes = 0;
  #length = 0;
  /** Cancelled messages that still lie between the others. */
  #discarded = 0;

  configure(options: MailboxOptions | undefined): void {
    this.#options = options === undefined ? defaults : { ...defaults, ...options };
  }

  get limit(): number {
    return this.#options.limit;
  }

  get overflow(): NonNullable<MailboxOptions['overflow']> {
    return this.#options.overflow;
  }

  /** Waiting messages of users. */
  get length(): number {
    return this.#length;
  }

  get jobs(): number {
    return this.#jobs.length;
  }

  get bytes(): number {
    return this.#bytes;
  }

  addJob(job: Job): void {
    this.#jobs.push(job);
  }

  /**
   * Takes a message in, or not, as the overflow policy says. With `wait` the credits given out keep the senders
   * within the limit, so a message that does arrive is taken.
   * @returns the messages that had to go: the new one, or the oldest ones that made room
   */
  offer(message: Message): readonly Message[] {
    message.bytes = estimateBytes(message.payload);
    const { limit, bytes, overflow } = this.#options;
    let gone = none;
    const tooLarge = this.#bytes + message.bytes > bytes;
    // Credits count messages: those of policy `wait` can still be too large together.
    if (tooLarge || (overflow !== 'wait' && this.length >= limit)) {
      // One that would not fit into an empty mailbox must not empty it.
      if (overflow !== 'drop-oldest' || message.bytes > bytes) return [message];
      const oldest: Message[] = [];
      while (this.length >= limit || this.#bytes + message.bytes > bytes) {
        oldest.push(this.#takeFrom(this.#normal, this.#high) as Message);
      }
      gone = oldest;
    }
    (message.high ? this.#high : this.#normal).push(message);
    message.queued = true;
    this.#bytes += message.bytes;
    this.#length += 1;
    return gone;
  }

  /** Puts messages that were taken before in front of all others of their priority, whatever the limits say. */
  putBack(messages: readonly Message[]): void {
    for (const message of messages) {
      message.queued = true;
      this.#bytes += message.bytes;
      this.#length += 1;
    }
    const high = messages.filter((message) => message.high);
    if (high.length > 0) this.#high.prepend(high);
    if (high.length < messages.length) this.#normal.prepend(messages.filter((message) => !message.high));
  }

  takeJob(): Job | undefined {
    return this.#jobs.shift();
  }

  takeMessage(): Message | undefined {
    return this.#takeFrom(this.#high, this.#normal);
  }

  #takeFrom(first: Deque<Message>, second: Deque<Message>): Message | undefined {
    for (;;) {
      const message = first.shift() ?? second.shift();
      if (message === undefined) return undefined;
      if (message.queued) {
        this.#left(message);
        return message;
      }
      this.#discarded -= 1;
    }
  }

  /**
   * Takes a waiting message out. It is only marked, and swept with others later: when thousands of asks expire
   * together, searching the mailbox for each would hold up the thread.
   */
  discard(message: Message): void {
    this.#left(message);
    this.#discarded += 1;
    if (this.#discarded < 1_024 || this.#discarded < this.#length) return;
    for (const lane of [this.#high, this.#normal]) lane.extract(({ queued }) => !queued);
    this.#discarded = 0;
  }

  /** Waiting messages that match, left where they are. */
  waiting(matches: (message: Message) => boolean): readonly Message[] {
    const waits = (message: Message) => message.queued && matches(message);
    return [...this.#high.filter(waits), ...this.#normal.filter(waits)];
  }

  /** Takes all out, in order of priority. */
  clear(): Message[] {
    const all: Message[] = [];
    for (let next = this.takeMessage(); next !== undefined; next = this.takeMessage()) all.push(next);
    return all;
  }

  #left(message: Message): void {
    message.queued = false;
    this.#bytes -= message.bytes;
    this.#length -= 1;
  }
}
