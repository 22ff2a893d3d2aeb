import { estimateBytes } from '../actor/estimate-bytes.ts';
import type { DeadLetter, DeadLetterContent, DeadLetterReason } from './dead-letter.ts';
import type { Flow } from './flow.ts';

/** What goes to the main thread. */
export type PostedLetters =
  | {
      readonly kind: 'dead-letter';
      readonly letter: DeadLetter;
      readonly content?: DeadLetterContent | undefined;
    }
  /** Those that were too many to be posted one by one. */
  | { readonly kind: 'dead-letters-lost'; readonly counts: readonly (readonly [DeadLetterReason, number])[] };

/** Payloads above this are not worth a copy to another thread. */
const mostBytes = 256 * 1024;

/** The dead letters of a thread on their way to the main thread: bounded, the surplus is counted. */
export class DeadLetterPost {
  readonly #send: (message: PostedLetters) => void;
  readonly #flow: Flow;
  readonly #surplus = new Map<DeadLetterReason, number>();

  constructor(send: (message: PostedLetters) => void, flow: Flow) {
    this.#send = send;
    this.#flow = flow;
  }

  add(letter: DeadLetter, content?: DeadLetterContent): void {
    if (this.#flow.full) {
      this.count(letter.reason);
      return;
    }
    this.#flow.sent();
    const small = content !== undefined && estimateBytes(content.payload) <= mostBytes;
    try {
      this.#send({ kind: 'dead-letter', letter, content: small ? content : undefined });
    } catch {
      // What cannot cross to another thread cannot be sent again either.
      this.#send({ kind: 'dead-letter', letter });
    }
    this.flush();
  }

  /** One of which only the number matters. */
  count(reason: DeadLetterReason): void {
    this.#surplus.set(reason, (this.#surplus.get(reason) ?? 0) + 1);
  }

  /** Sends what was only counted. */
  flush(): void {
    if (this.#surplus.size === 0 || this.#flow.full) return;
    this.#flow.sent();
    this.#send({ kind: 'dead-letters-lost', counts: [...this.#surplus] });
    this.#surplus.clear();
  }
}
