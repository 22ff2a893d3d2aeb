import type { DatabaseErrorFacts } from '../../../../sdk/index.ts';
import { refusals } from '../../../build-sql/tree/refusals.ts';
import { RestError } from '../rest-error.ts';
import { notSingular } from './not-singular.ts';

/**
 * What a statement refused by itself, because only it knew the number of rows in time: not one row, too many rows,
 * another key. Undefined for errors that are PostgreSQL's or of the project's code.
 */
export function ownRefusal({ sqlstate, message }: DatabaseErrorFacts): RestError | undefined {
  // Code of the project may raise these codes too; it does not get to choose the text.
  if (!/^[0-9]+$/.test(message)) return undefined;
  switch (sqlstate) {
    case refusals.notSingular:
      return notSingular(message);
    case refusals.maxAffected:
      return new RestError(400, 'PGRST124', 'Query result exceeds max-affected preference constraint', {
        details: `The query affects ${message} rows`,
      });
    case refusals.putKey:
      return new RestError(400, 'PGRST115', 'Payload values do not match URL in primary key column(s)');
    default:
      return undefined;
  }
}
