import type { Catalog } from '../../sdk/index.ts';
import { compileDataTable } from './compile-data-table.ts';
import { compareRoutines, compileRoutine } from './compile-routine.ts';
import type { DataSchema, DataTable, MediaHandlerFunction, Routine } from './data-schema.ts';
import { nameKey } from './name-key.ts';
import { compileRelationships } from './relationships/compile-relationships.ts';
import { foreignKeys } from './relationships/foreign-key.ts';
import { keyLinks } from './relationships/key-link.ts';
import { keyTables } from './relationships/key-table.ts';
import { viewColumns } from './relationships/view-columns.ts';
import { viewPrimaryKeys } from './relationships/view-primary-keys.ts';

/**
 * Turns a complete catalogue into what the data dialects plan with. Tables that did not change since the last one
 * keep their compiled form.
 */
export function compileDataSchema(catalog: Catalog): DataSchema {
  const keyed = keyTables(catalog);
  const shown = viewColumns(keyed);
  const viewKeys = viewPrimaryKeys(shown);
  const tables = new Map<string, DataTable>();
  for (const table of catalog.tables) {
    const key = nameKey(table.schema, table.name);
    tables.set(key, compileDataTable(table, viewKeys.get(key) ?? []));
  }
  const relationships = compileRelationships(
    catalog,
    keyLinks(foreignKeys(keyed), shown),
    ({ schema, name }) => tables.get(nameKey(schema, name))?.primaryKey ?? [],
  );
  return {
    project: catalog.project,
    version: catalog.version,
    settings: catalog.settings,
    serverVersion: catalog.serverVersion,
    tables,
    relationships,
    routines: compileRoutines(catalog),
    representations: new Map(
      catalog.representations.map((cast) => [nameKey(cast.source, cast.target), cast.function]),
    ),
    mediaHandlers: compileMediaHandlers(catalog),
    roleSettings: new Map(
      catalog.roles
        .filter(({ settings }) => settings.length > 0)
        .map(({ name, settings }) => [name, settings]),
    ),
    schemaComments: new Map(catalog.schemas.map(({ name, comment }) => [name, comment])),
  };
}

function compileRoutines(catalog: Catalog): ReadonlyMap<string, readonly Routine[]> {
  const hoisted = new Set(catalog.settings.dbHoistedTxSettings);
  const routines = new Map<string, Routine[]>();
  for (const routine of catalog.routines) {
    const key = nameKey(routine.schema, routine.name);
    const overloads = routines.get(key);
    if (overloads === undefined) routines.set(key, [compileRoutine(routine, hoisted)]);
    else overloads.push(compileRoutine(routine, hoisted));
  }
  for (const overloads of routines.values()) overloads.sort(compareRoutines);
  return routines;
}

function compileMediaHandlers(catalog: Catalog): ReadonlyMap<string, MediaHandlerFunction> {
  return new Map(
    catalog.mediaHandlers.map(({ schema, name, target, mediaType, resolvedMediaType }) => [
      nameKey(target === null ? nameKey('', '') : nameKey(target.schema, target.name), mediaType),
      { function: { schema, name }, relation: target, mediaType: resolvedMediaType },
    ]),
  );
}
