import type { Message } from './message.ts';

/** One message as somebody who watches sees it. Never its payload. */
export interface TracedMessage {
  /** When it ended, ISO 8601. */
  readonly at: string;
  readonly method: string;
  readonly from: string;
  readonly asked: boolean;
  readonly ms: number;
  /** `ok`, or the code of the error. */
  readonly outcome: string;
}

/** Messages that wait to be read; of more, only the number is known. */
const limit = 500;
/** Milliseconds without a reader after which nobody is taken to watch any more. */
const lease = 10_000;

/** Writes down the messages of one actor for somebody who reads them now and then. */
export class MeterTap {
  #messages: TracedMessage[] = [];
  #missed = 0;
  #readAt = Date.now();

  get expired(): boolean {
    return Date.now() - this.#readAt > lease;
  }

  note({ method, from, asked }: Message, ms: number, error: string | undefined): void {
    if (this.#messages.length >= limit) this.#missed += 1;
    else {
      const at = new Date().toISOString();
      this.#messages.push({ at, method, from, asked, ms, outcome: error ?? 'ok' });
    }
  }

  /** What was noted since the last time. */
  take(): { readonly messages: readonly TracedMessage[]; readonly missed: number } {
    const taken = { messages: this.#messages, missed: this.#missed };
    this.#messages = [];
    this.#missed = 0;
    this.#readAt = Date.now();
    return taken;
  }
}
