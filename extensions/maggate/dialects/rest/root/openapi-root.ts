import { manifest } from '../../../manifest.ts';
import type { DataSchema } from '../../../schema-cache/data-schema.ts';
import { routinePath } from './routine-path.ts';
import type { ServerAddress } from './server-address.ts';
import { sharedParameters } from './shared-parameters.ts';
import { splitComment } from './split-comment.ts';
import { tableDefinition } from './table-definition.ts';
import { tablePath } from './table-path.ts';
import type { VisibleNames } from './visible-names.ts';

const media = [
  'application/json',
  'application/vnd.pgrst.object+json;nulls=stripped',
  'application/vnd.pgrst.object+json',
  'text/csv',
];

const root = {
  get: {
    tags: ['Introspection'],
    summary: 'OpenAPI description (this document)',
    produces: ['application/openapi+json', 'application/json'],
    responses: { '200': { description: 'OK' } },
  },
};

const token = {
  JWT: {
    description: 'Add the token prepending "Bearer " (without quotes) to it',
    in: 'header',
    name: 'Authorization',
    type: 'apiKey',
  },
};

/**
 * The description of a schema's API in OpenAPI 2.0, in the shape that tools for PostgREST read.
 * @param visible what the caller may see; undefined for everything
 */
export function openapiRoot(
  schema: DataSchema,
  name: string,
  address: ServerAddress,
  visible: VisibleNames | undefined,
): Record<string, unknown> {
  const { settings } = schema;
  const tables = [...schema.tables.values()]
    .filter((table) => table.schema === name && (visible?.table(table.name) ?? true))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const routines = [...schema.routines.values()]
    .flat()
    .filter((routine) => routine.schema === name && (visible?.routine(routine) ?? true))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const { summary, description } = splitComment(schema.schemaComments.get(name) ?? null);
  return {
    swagger: '2.0',
    info: {
      title: summary ?? 'MagFlock data API',
      description: description ?? 'Made from the tables and functions of the database.',
      version: manifest.version,
    },
    ...address,
    consumes: media,
    produces: media,
    paths: Object.fromEntries([
      ['/', root],
      ...tables.map((table) => [`/${table.name}`, tablePath(table)]),
      ...routines.map((routine) => [`/rpc/${routine.name}`, routinePath(routine)]),
    ]) as unknown,
    definitions: Object.fromEntries(tables.map((table) => [table.name, tableDefinition(schema, table)])),
    parameters: sharedParameters(tables),
    ...(settings.openapiSecurityActive ? { securityDefinitions: token, security: [{ JWT: [] }] } : {}),
    externalDocs: {
      description: 'PostgREST Documentation',
      url: 'https://postgrest.org/en/stable/references/api.html',
    },
  };
}
