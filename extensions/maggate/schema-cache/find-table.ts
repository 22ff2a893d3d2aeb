import { ExtensionError } from '../../sdk/index.ts';
import { nearestName } from './nearest-name.ts';
import type { ProjectSchema } from './project-schema.ts';
import type { TableSchema } from './table-schema.ts';

/**
 * The table of this name.
 * @throws MF401 with the nearest name
 */
export function findTable(schema: ProjectSchema, name: string): TableSchema {
  const table = schema.tables.get(name);
  if (table !== undefined) return table;
  const near = nearestName(name, schema.tables.keys());
  throw new ExtensionError('MF401', `There is no table or view "${name}" in this project.`, {
    fix:
      near === undefined
        ? 'GET /api lists the tables.'
        : `Did you mean "${near}"? GET /api lists the tables.`,
    details: { table: name, ...(near === undefined ? {} : { didYouMean: near }) },
  });
}
