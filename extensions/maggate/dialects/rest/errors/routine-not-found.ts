import { FuzzyNames } from '../../../plan/hint/fuzzy-names.ts';
import { fuzzyNamesOf } from '../../../plan/hint/fuzzy-names-of.ts';
import type { DataSchema, QualifiedName, Routine } from '../../../schema-cache/data-schema.ts';
import type { MediaType } from '../media-type.ts';
import { RestError } from '../rest-error.ts';

const minNameScore = 0.75;
const minParametersScore = 0.33;
/** A list of arguments beyond this is no slip of the pen, and comparing is quadratic. */
const longestCompared = 1000;

/** Types of bodies that are one value. */
const bodyTypes: Readonly<Partial<Record<MediaType['kind'], string>>> = {
  text: 'text',
  xml: 'xml',
  'octet-stream': 'bytea',
};

/**
 * PGRST202: there is no function of this name, or none that takes these arguments.
 * @param content type of the body; undefined when the arguments are in the query string
 * @param overloads functions of the name
 */
export function routineNotFound(
  schema: DataSchema,
  routine: QualifiedName,
  names: ReadonlySet<string>,
  content: MediaType | undefined,
  overloads: readonly Routine[],
): RestError {
  const full = `${routine.schema}.${routine.name}`;
  const bodyType = content === undefined ? undefined : bodyTypes[content.kind];
  if (bodyType !== undefined) {
    return new RestError(404, 'PGRST202', `Could not find the function ${full} in the schema cache`, {
      details: searched(full, ` with a single unnamed ${bodyType} parameter`),
    });
  }
  const sorted = [...names].sort();
  const none = sorted.length === 0;
  const plural = sorted.length > 1 ? 's' : '';
  const given = none ? ' without parameters' : ` with parameter${plural} ${sorted.join(', ')}`;
  const orWhole = content?.kind === 'json' ? ' or with a single unnamed json/jsonb parameter' : '';
  const called = none ? `${full} without parameters` : `${full}(${sorted.join(', ')})`;
  return new RestError(404, 'PGRST202', `Could not find the function ${called} in the schema cache`, {
    details: searched(full, `${given}${orWhole}`),
    hint: nearest(schema, routine, sorted, overloads),
  });
}

function searched(full: string, how: string): string {
  return `Searched for the function ${full}${how}, but no matches were found in the schema cache.`;
}

function nearest(
  schema: DataSchema,
  routine: QualifiedName,
  names: readonly string[],
  overloads: readonly Routine[],
): string | null {
  const found =
    overloads.length === 0 ? nearestName(schema, routine) : nearestCall(routine, names, overloads);
  return found === undefined ? null : `Perhaps you meant to call the function ${routine.schema}.${found}`;
}

function nearestName(schema: DataSchema, routine: QualifiedName): string | undefined {
  const all = fuzzyNamesOf(schema.routines, routine.schema, () =>
    [...schema.routines.keys()]
      .map((key) => key.split('\0'))
      .flatMap(([namespace, name]) => (namespace === routine.schema ? [name!] : [])),
  );
  return all.find(routine.name, minNameScore)[0]?.name;
}

function nearestCall(
  routine: QualifiedName,
  names: readonly string[],
  overloads: readonly Routine[],
): string | undefined {
  const asked = listed(names);
  if (asked.length > longestCompared) return undefined;
  const lists = overloads.map(({ parameters }) => listed(parameters.map(({ name }) => name).sort()));
  const near = new FuzzyNames(lists).find(asked, minParametersScore)[0]?.name;
  return near === undefined ? undefined : `${routine.name}${near}`;
}

function listed(names: readonly string[]): string {
  return `(${names.join(', ')})`;
}
