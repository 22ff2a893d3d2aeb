import type { MessageSource } from './message.ts';

/** Counts until every subscriber that makes its senders wait has begun with a message, or cannot. */
export class TopicReceipt {
  /** The one who hands it round holds it too. */
  #left = 1;
  readonly #taken: () => void;

  constructor(taken: () => void) {
    this.#taken = taken;
  }

  /** The source of the copy for one more of them. */
  source(): MessageSource {
    this.#left += 1;
    let over = false;
    const once = () => {
      if (over) return;
      over = true;
      this.done();
    };
    return { started: once, reply: once, fail: once, release: once };
  }

  done(): void {
    this.#left -= 1;
    if (this.#left === 0) this.#taken();
  }
}
