import { MagFlockError } from '../errors/magflock-error.ts';
import type { Quotas } from './define-actor.ts';
import type { QuotaExcess } from './quota-excess.ts';
import type { EndReason } from './terminated.ts';

/** What a guard may do to its actor. */
export interface QuotaSubject {
  readonly path: string;
  /** No further message starts for so long. */
  rest(milliseconds: number): void;
  /** Ends the incarnation after the message that runs. */
  exit(reason: EndReason): void;
  /** Answers everything that waits with this error. */
  refuseWaiting(refusal: () => MagFlockError): void;
}

/** Milliseconds between two announcements of the same limit. */
const quiet = 1_000;

/**
 * Holds one actor to its quotas. `throttle` lets it run slower: with no messages left in this second it rests
 * until the next one is due, after a long turn it rests for as long as that took, and what does not fit into its
 * mailbox is refused. `restart` and `quarantine` end the incarnation.
 */
export class QuotaGuard {
  readonly #quotas: Quotas;
  readonly #subject: QuotaSubject;
  readonly #announce: (excess: QuotaExcess) => void;
  readonly #announced = new Map<QuotaExcess['quota'], number>();
  #tokens: number;
  #filledAt = performance.now();

  constructor(quotas: Quotas, subject: QuotaSubject, announce: (excess: QuotaExcess) => void) {
    this.#quotas = quotas;
    this.#subject = subject;
    this.#announce = announce;
    this.#tokens = quotas.messagesPerSecond ?? 0;
  }

  /** Must every turn be timed? */
  get measures(): boolean {
    return this.#quotas.turnMs !== undefined;
  }

  /** A message starts. */
  ran(): void {
    const rate = this.#quotas.messagesPerSecond;
    if (rate === undefined) return;
    const now = performance.now();
    const bucket = Math.max(1, rate);
    this.#tokens = Math.min(bucket, this.#tokens + ((now - this.#filledAt) * rate) / 1_000);
    this.#filledAt = now;
    this.#tokens -= 1;
    if (this.#tokens >= 1) return;
    // With `throttle` the last one of the bucket is allowed, it is the next that has to wait.
    const throttles = (this.#quotas.onLimit ?? 'throttle') === 'throttle';
    if (throttles) this.#exceeded('messagesPerSecond', rate, rate, ((1 - this.#tokens) * 1_000) / rate);
    else if (this.#tokens < 0) this.#exceeded('messagesPerSecond', rate, rate + 1, 0);
  }

  /** A method has run for so many milliseconds. */
  turned(milliseconds: number): void {
    const limit = this.#quotas.turnMs;
    if (limit !== undefined && milliseconds > limit)
      this.#exceeded('turnMs', limit, milliseconds, milliseconds);
  }

  /**
   * A message wants to wait.
   * @param bytes what would wait with it
   * @returns why it may not, or undefined
   */
  refuses(bytes: number): MagFlockError | undefined {
    const limit = this.#quotas.mailboxBytes;
    if (limit === undefined || bytes <= limit) return undefined;
    this.#exceeded('mailboxBytes', limit, bytes, 0);
    return this.#refusal('mailboxBytes', limit, bytes);
  }

  #exceeded(quota: QuotaExcess['quota'], limit: number, value: number, restMs: number): void {
    const policy = this.#quotas.onLimit ?? 'throttle';
    const now = performance.now();
    if (now - (this.#announced.get(quota) ?? Number.NEGATIVE_INFINITY) >= quiet) {
      this.#announced.set(quota, now);
      this.#announce({ quota, limit, value, policy });
    }
    if (policy === 'throttle') {
      if (restMs > 0) this.#subject.rest(restMs);
      return;
    }
    // The next incarnation must not begin with the mailbox that ended this one.
    if (quota === 'mailboxBytes') this.#subject.refuseWaiting(() => this.#refusal(quota, limit, value));
    const detail = `its quota ${quota} is ${limit}, it came to ${Math.round(value)}`;
    this.#subject.exit({ kind: 'crash', detail, ...(policy === 'quarantine' ? { quarantine: true } : {}) });
  }

  #refusal(quota: QuotaExcess['quota'], limit: number, value: number): MagFlockError {
    const { path } = this.#subject;
    return new MagFlockError('MF650', `${path} is over its quota ${quota} of ${limit}`, {
      details: { path, quota, limit, value: Math.round(value) },
    });
  }
}
