import { chooseRoutine } from '../../../plan/call/choose-routine.ts';
import type { DataSchema, QualifiedName, Routine } from '../../../schema-cache/data-schema.ts';
import { nameKey } from '../../../schema-cache/name-key.ts';
import { routineAmbiguous } from '../errors/routine-ambiguous.ts';
import { routineNotFound } from '../errors/routine-not-found.ts';
import type { MediaType } from '../media-type.ts';

/** What a single unnamed parameter may be to take a body of this type. */
const unnamedTypes: Readonly<Partial<Record<MediaType['kind'], readonly string[]>>> = {
  json: ['json', 'jsonb'],
  text: ['text'],
  xml: ['xml'],
  'octet-stream': ['bytea'],
};

/**
 * The overload that takes these arguments.
 * @param names of the arguments
 * @param content type of the body; undefined when the arguments are in the query string
 * @throws PGRST202 when there is none, with the nearest name or list of parameters; PGRST203 when there are several
 */
export function findRoutine(
  schema: DataSchema,
  routine: QualifiedName,
  names: ReadonlySet<string>,
  content: MediaType | undefined,
): Routine {
  const overloads = schema.routines.get(nameKey(routine.schema, routine.name)) ?? [];
  const types = content === undefined ? [] : (unnamedTypes[content.kind] ?? []);
  const found = chooseRoutine(overloads, names, types, types.length > 0 && content?.kind !== 'json');
  const [only, another] = found;
  if (only === undefined) throw routineNotFound(schema, routine, names, content, overloads);
  if (another !== undefined) throw routineAmbiguous(found);
  return only;
}
