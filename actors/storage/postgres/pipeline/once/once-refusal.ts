import { MagFlockError } from '../../../../../runtime/errors/magflock-error.ts';
import { mapError, type ServerErrorFields } from '../../map-error.ts';
import { KnownAnswer } from './known-answer.ts';

/** What `begin_once` refused with. Only for errors of that very statement: code of a project may raise any SQLSTATE. */
export function onceRefusal(failure: ServerErrorFields): Error {
  switch (failure.code) {
    case 'MGONC':
      return new KnownAnswer();
    case 'MF431':
      return new MagFlockError('MF431', 'This Idempotency-Key was used for another request.', {
        fix: 'Make a new key for each new request; repeat a request exactly as it was.',
      });
    case 'MF432':
      return new MagFlockError('MF432', 'A request with this Idempotency-Key is being worked on.', {
        fix: 'Send it again in a moment, with the same key.',
      });
    default:
      return mapError(failure);
  }
}
