/** Why a message reached nobody. */
export type DeadLetterReason =
  | 'mailbox-full'
  | 'part-unavailable'
  | 'no-such-part'
  | 'no-such-method'
  | 'died-while-running'
  | 'failed'
  /** It ended its actor too often, and is not run again. */
  | 'poison'
  | 'not-cloneable'
  | 'invalid-event'
  | 'subscriber-failed'
  /** The thread of the subscriber is stuck, or takes events more slowly than they come. */
  | 'subscriber-behind'
  /** The main thread is stuck, and with it the bus. */
  | 'bus-full'
  /** An event for durable subscribers that the database did not take in time. */
  | 'outbox-full'
  /** A durable subscriber failed too often; the event itself is in the outbox. */
  | 'undelivered';

/** A message that reached nobody, or whose failure nobody was waiting for. Its payload may be secret and is not in it. */
export interface DeadLetter {
  readonly at: string;
  readonly to: string;
  readonly from: string;
  readonly method: string;
  readonly reason: DeadLetterReason;
  readonly detail: string;
}

/** What it takes to send a dead letter again. */
export interface DeadLetterContent {
  readonly asked: boolean;
  readonly payload: unknown;
  /** Id its sender gave the message. */
  readonly id: string | undefined;
  /** It had run when its thread ended; only its answer had not left. */
  readonly ran?: boolean;
}

/** A dead letter as it is listed. */
export interface ListedDeadLetter extends DeadLetter {
  readonly id: string;
  /** Whether it is kept with what it takes to send it again. */
  readonly replayable: boolean;
}
