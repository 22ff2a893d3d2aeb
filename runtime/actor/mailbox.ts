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

  configure(options: MailboxOptions | undefined): void {
    this.#options = { ...defaults, ...options };
  }

  get limit(): number {
    return this.#options.limit;
  }

  get overflow(): NonNullable<MailboxOptions['overflow']> {
    return this.#options.overflow;
  }

  /** Waiting messages of users. */
  get length(): number {
    return this.#high.length + this.#normal.length;
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
    if (overflow !== 'wait' && (this.length >= limit || this.#bytes + message.bytes > bytes)) {
      // One that would not fit into an empty mailbox must not empty it.
      if (overflow !== 'drop-oldest' || message.bytes > bytes) return [message];
      const oldest: Message[] = [];
      while (this.length >= limit || this.#bytes + message.bytes > bytes) {
        oldest.push(this.takeMessage() as Message);
      }
      gone = oldest;
    }
    (message.high ? this.#high : this.#normal).push(message);
    this.#bytes += message.bytes;
    return gone;
  }

  takeJob(): Job | undefined {
    return this.#jobs.shift();
  }

  takeMessage(): Message | undefined {
    const message = this.#high.shift() ?? this.#normal.shift();
    if (message !== undefined) this.#bytes -= message.bytes;
    return message;
  }

  /** Takes out the messages that match, in order of priority. */
  extract(matches: (message: Message) => boolean): Message[] {
    const taken = [...this.#high.extract(matches), ...this.#normal.extract(matches)];
    for (const message of taken) this.#bytes -= message.bytes;
    return taken;
  }
}
