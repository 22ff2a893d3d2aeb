import { MagFlockError } from '../errors/magflock-error.ts';
import type { ActorCell } from './actor-cell.ts';
import type { Mailbox } from './mailbox.ts';

/** Refusal of a message for which a mailbox has no room. */
export function mailboxFull({ name }: ActorCell, { limit, overflow }: Mailbox): MagFlockError {
  return new MagFlockError('MF603', `the mailbox of ${name} is full (${limit} messages)`, {
    details: { part: name, limit, overflow },
  });
}
