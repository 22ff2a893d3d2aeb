/** Why a message reached nobody. */
export type DeadLetterReason =
  | 'mailbox-full'
  | 'part-unavailable'
  | 'no-such-part'
  | 'no-such-method'
  | 'died-while-running'
  | 'failed'
  | 'not-cloneable'
  | 'invalid-event'
  | 'subscriber-failed';

/** A message that reached nobody, or whose failure nobody was waiting for. Payloads are not kept: they may be secret. */
export interface DeadLetter {
  readonly at: string;
  readonly to: string;
  readonly from: string;
  readonly method: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
}
