import type { Quotas } from './define-actor.ts';

/** An actor went over a limit. */
export interface QuotaExcess {
  readonly quota: 'messagesPerSecond' | 'mailboxBytes' | 'turnMs' | 'heapMegabytes';
  readonly limit: number;
  /** What it came to. */
  readonly value: number;
  /** What follows. */
  readonly policy: NonNullable<Quotas['onLimit']>;
}
