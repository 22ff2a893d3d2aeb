import { fuzzyNamesOf } from '../../../plan/hint/fuzzy-names-of.ts';
import type { DataSchema, QualifiedName } from '../../../schema-cache/data-schema.ts';
import { RestError } from '../rest-error.ts';

const minScore = 0.75;
/** Schemas with more tables get no hint, as in PostgREST: the index of names takes memory. */
const mostTablesIndexed = 499;

/** PGRST205. */
export function tableNotFound(schema: DataSchema, table: QualifiedName): RestError {
  const near = nearest(schema, table);
  const hint = near === undefined ? null : `Perhaps you meant the table '${table.schema}.${near}'`;
  const message = `Could not find the table '${table.schema}.${table.name}' in the schema cache`;
  return new RestError(404, 'PGRST205', message, { hint });
}

function nearest(schema: DataSchema, table: QualifiedName): string | undefined {
  const names = fuzzyNamesOf(schema.tables, table.schema, () => {
    const all = [...schema.tables.values()].filter((each) => each.schema === table.schema);
    return all.length > mostTablesIndexed ? [] : all.map(({ name }) => name);
  });
  return names.find(table.name, minScore)[0]?.name;
}
