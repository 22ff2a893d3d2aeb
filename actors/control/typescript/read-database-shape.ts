import { readFileSync } from 'node:fs';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { ControlState } from '../control-state.ts';
import type { DatabaseShape } from './database-shape.ts';
import { withViewRelationships } from './view-relationships.ts';

const text = readFileSync(new URL('./read-database-shape.sql', import.meta.url), 'utf8');

/**
 * Reads what types of a project are written from.
 * @param schemas only these; undefined for the exposed ones
 * @returns the schemas with what is in them
 * @throws MagFlockError MF508 for an unknown project, MF100 for a schema that is not exposed
 */
export async function readDatabaseShape(
  { context }: ControlState,
  project: string,
  schemas: readonly string[] | undefined,
): Promise<{ readonly schemas: readonly string[]; readonly shape: DatabaseShape }> {
  const storage = context.part('storage');
  const { dbSchemas } = await storage.ask('dataApiSettings', { project });
  const wanted = schemas ?? dbSchemas;
  const hidden = wanted.find((schema) => !dbSchemas.includes(schema));
  if (hidden !== undefined) {
    throw new MagFlockError('MF100', `"${hidden}" is no schema that the data API of "${project}" exposes`, {
      fix: `it exposes ${dbSchemas.join(', ')}; the setting dbSchemas says which`,
    });
  }
  const [{ rows }, catalog] = await Promise.all([
    storage.ask('query', { database: `project:${project}`, text, values: [wanted] }),
    storage.ask('catalog', { project }),
  ]);
  const shape = withViewRelationships(rows[0]?.['shape'] as DatabaseShape, catalog);
  return { schemas: wanted, shape };
}
