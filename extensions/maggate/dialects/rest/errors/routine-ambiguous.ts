import type { Routine } from '../../../schema-cache/data-schema.ts';
import { RestError } from '../rest-error.ts';

/** PGRST203: several overloads take the arguments. */
export function routineAmbiguous(candidates: readonly Routine[]): RestError {
  const list = candidates.map(signature).join(', ');
  const message = `Could not choose the best candidate function between: ${list}`;
  return new RestError(300, 'PGRST203', message, {
    hint:
      'Try renaming the parameters or the function itself in the database ' +
      'so function overloading can be resolved',
  });
}

function signature({ schema, name, parameters }: Routine): string {
  return `${schema}.${name}(${parameters.map((each) => `${each.name} => ${each.type}`).join(', ')})`;
}
