import { FuzzyNames } from '../../../plan/hint/fuzzy-names.ts';
import { fuzzyNamesOf } from '../../../plan/hint/fuzzy-names-of.ts';
import type { DataSchema } from '../../../schema-cache/data-schema.ts';
import { nameKey } from '../../../schema-cache/name-key.ts';
import { RestError } from '../rest-error.ts';

const minScore = 0.33;

/** PGRST200: nothing leads from one table to what was embedded. */
export function relationshipNotFound(
  schema: DataSchema,
  namespace: string,
  parent: string,
  child: string,
  hint: string | undefined,
): RestError {
  const using = hint === undefined ? '' : `' using the hint '${hint}`;
  return new RestError(
    400,
    'PGRST200',
    `Could not find a relationship between '${parent}' and '${child}' in the schema cache`,
    {
      details:
        `Searched for a foreign key relationship between '${parent}' and '${child}${using}' ` +
        `in the schema '${namespace}', but no matches were found.`,
      hint: nearest(schema, namespace, parent, child),
    },
  );
}

function nearest(schema: DataSchema, namespace: string, parent: string, child: string): string | null {
  const known = schema.relationships.get(nameKey(nameKey(namespace, parent), namespace));
  if (known === undefined) {
    const parents = fuzzyNamesOf(schema.relationships, namespace, () => parentNames(schema, namespace));
    const near = parents.find(parent, minScore)[0]?.name;
    return near === undefined ? null : `Perhaps you meant '${near}' instead of '${parent}'.`;
  }
  const children = new FuzzyNames(known.map(({ foreignTable }) => foreignTable.name));
  // With a score of 1 the name was right and the hint was wrong.
  const near = children.find(child, minScore).find(({ score }) => score < 1)?.name;
  return near === undefined ? null : `Perhaps you meant '${near}' instead of '${child}'.`;
}

function parentNames(schema: DataSchema, namespace: string): readonly string[] {
  const names: string[] = [];
  for (const key of schema.relationships.keys()) {
    const [, name, foreignSchema] = key.split('\0');
    if (foreignSchema === namespace) names.push(name!);
  }
  return names;
}
