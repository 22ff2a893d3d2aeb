import type { MagFlockError } from '../errors/magflock-error.ts';
import type { Tracer } from '../telemetry/tracer.ts';
import type { ActorCell } from './actor-cell.ts';
import type { AskChainWatch } from './ask-chain-watch.ts';
import type { Mailbox } from './mailbox.ts';
import type { Message } from './message.ts';
import type { RunQueue } from './run-queue.ts';
import type { EndReason } from './terminated.ts';

/** What a cell needs of the thread it is in. */
export interface CellHost {
  /** Makes spans of asked messages; undefined while tracing is off. */
  readonly tracer: Tracer | undefined;
  readonly runQueue: RunQueue;
  readonly chains: AskChainWatch;
  /** Empty mailboxes of children at rest, to be used again: a million idle actors need none. */
  readonly spareMailboxes: Mailbox[];
  /** Told of each tell that failed or found no room: nobody else would know. */
  lost(cell: ActorCell, message: Message, error: MagFlockError): void;
  /** An incarnation has ended, by itself or because it was stopped; its messages wait. */
  ended(cell: ActorCell, incarnation: number, reason: EndReason, byItself: boolean): void;
  /** A method or a timer failed with an error that is not in the catalogue. */
  failed(cell: ActorCell, where: string, error: unknown): void;
}
