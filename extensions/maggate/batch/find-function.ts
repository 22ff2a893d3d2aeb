import { ExtensionError } from '../../sdk/index.ts';
import type { JsonObject } from '../parse/parse-documents.ts';
import { chooseRoutine } from '../plan/call/choose-routine.ts';
import type { DataSchema, Routine } from '../schema-cache/data-schema.ts';
import { nameKey } from '../schema-cache/name-key.ts';
import { nearestName } from '../schema-cache/nearest-name.ts';

/**
 * The function that takes these arguments.
 * @throws MF401 when there is none of the name, MF423 when none of the name takes them, or several do
 */
export function findFunction(data: DataSchema, name: string, given: JsonObject | undefined): Routine {
  const schema = data.settings.dbSchemas[0] ?? 'public';
  const overloads = data.routines.get(nameKey(schema, name));
  if (overloads === undefined) {
    const all = [...data.routines.values()].flat().filter((one) => one.schema === schema);
    const near = nearestName(
      name,
      all.map((one) => one.name),
    );
    throw new ExtensionError('MF401', `There is no function "${name}" in this project.`, {
      fix: near === undefined ? undefined : `Did you mean "${near}"?`,
      details: { function: name },
    });
  }
  const names = new Set(given?.entries.keys() ?? []);
  const found = chooseRoutine(overloads, names, given === undefined ? [] : ['json', 'jsonb'], false);
  const [only, another] = found;
  if (only !== undefined && another === undefined) return only;
  const signatures = overloads.map(
    ({ parameters }) => `${name}(${parameters.map((one) => one.name).join(', ')})`,
  );
  throw new ExtensionError(
    'MF423',
    only === undefined
      ? `"${name}" does not take these arguments: ${[...names].join(', ') || 'none'}.`
      : `${found.length} functions "${name}" take these arguments.`,
    { fix: `There are: ${signatures.join('; ')}.`, details: { function: name } },
  );
}
