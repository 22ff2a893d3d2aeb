import { estimateBytes } from '../actor/estimate-bytes.ts';
import type { DeadLetter, DeadLetterContent, DeadLetterReason, ListedDeadLetter } from './dead-letter.ts';

interface Kept {
  readonly listed: ListedDeadLetter;
  readonly content: DeadLetterContent | undefined;
  readonly bytes: number;
}

export interface DeadLettersOptions {
  /** Letters kept; default 1,000. */
  readonly limit?: number;
  /** Estimated bytes of their payloads; default 16 MiB. */
  readonly bytes?: number;
}

/** Estimated bytes of a letter without its payload. */
const letterBytes = 512;

/**
 * The last messages that reached nobody, oldest first; older ones are only counted. Payloads are kept for sending
 * again and for nothing else.
 */
export class DeadLetters {
  readonly #limit: number;
  readonly #mostBytes: number;
  readonly #ring: Kept[] = [];
  readonly #counts = new Map<DeadLetterReason, number>();
  #bytes = 0;
  #last = 0;

  constructor({ limit = 1_000, bytes = 16 * 1024 * 1024 }: DeadLettersOptions = {}) {
    this.#limit = limit;
    this.#mostBytes = bytes;
  }

  /** @param content what it takes to send it again, where that is known */
  add(letter: DeadLetter, content?: DeadLetterContent): void {
    this.#last += 1;
    this.count(letter.reason, 1);
    const payloadBytes = content === undefined ? 0 : estimateBytes(content.payload);
    // One large payload must not push all other letters out.
    const kept = payloadBytes > this.#mostBytes / 16 ? undefined : content;
    const bytes = letterBytes + (kept === undefined ? 0 : payloadBytes);
    this.#bytes += bytes;
    const listed = { id: String(this.#last), ...letter, replayable: kept !== undefined };
    this.#ring.push({ listed, content: kept, bytes });
    while (this.#ring.length > this.#limit || this.#bytes > this.#mostBytes) {
      this.#bytes -= this.#ring.shift()?.bytes ?? 0;
    }
  }

  /** Letters that were too many to be sent here one by one. */
  count(reason: DeadLetterReason, count: number): void {
    this.#counts.set(reason, (this.#counts.get(reason) ?? 0) + count);
  }

  all(): readonly ListedDeadLetter[] {
    return this.#ring.map(({ listed }) => listed);
  }

  /** A letter with its content, which must neither be logged nor shown. */
  get(id: string): { readonly listed: ListedDeadLetter; readonly content?: DeadLetterContent } | undefined {
    const kept = this.#ring.find(({ listed }) => listed.id === id);
    if (kept === undefined) return undefined;
    return { listed: kept.listed, ...(kept.content === undefined ? {} : { content: kept.content }) };
  }

  /** It was sent again. */
  remove(id: string): void {
    const at = this.#ring.findIndex(({ listed }) => listed.id === id);
    if (at !== -1) this.#bytes -= this.#ring.splice(at, 1)[0]?.bytes ?? 0;
  }

  /** Forgets all letters; what was counted stays counted. @returns how many there were */
  clear(): number {
    this.#bytes = 0;
    return this.#ring.splice(0).length;
  }

  /** All since the start, by reason. */
  counts(): ReadonlyMap<DeadLetterReason, number> {
    return this.#counts;
  }
}
