import type { DataSchema } from '../../schema-cache/data-schema.ts';
import { nameKey } from '../../schema-cache/name-key.ts';
import type { PlannedField } from '../read-plan.ts';

/**
 * Puts the project's own cast for a field's type in place, when there is one (data representations of PostgREST).
 * @param way `output`: the type to JSON; `filter`: text of the query string to the type; `write`: JSON to the type
 */
export function representField(
  schema: DataSchema,
  field: PlannedField,
  way: 'output' | 'filter' | 'write',
): PlannedField {
  if (schema.representations.size === 0 || field.type === '') return field;
  const source = way === 'output' ? field.type : way === 'filter' ? 'text' : 'json';
  const target = way === 'output' ? 'json' : field.type;
  const transform = schema.representations.get(nameKey(source, target));
  // What the function takes is from now on the type of the value.
  return transform === undefined ? field : { ...field, type: source, transform };
}
