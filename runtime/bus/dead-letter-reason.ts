import type { MagFlockError } from '../errors/magflock-error.ts';
import type { DeadLetterReason } from './dead-letter.ts';

/** The reason under which a message that ended with this error is kept. */
export function deadLetterReason(error: MagFlockError): DeadLetterReason {
  switch (error.code) {
    case 'MF601':
      return 'died-while-running';
    case 'MF603':
      return 'mailbox-full';
    case 'MF604':
      return 'no-such-part';
    case 'MF605':
      return 'no-such-method';
    case 'MF607':
      return 'part-unavailable';
    case 'MF632':
      return 'poison';
    default:
      return 'failed';
  }
}
