import { operationMethods } from '../dialects/api/operation-methods.ts';
import { tablePaths } from '../dialects/api/table-paths.ts';
import type { ApiOperation } from '../schema-cache/api-operation.ts';
import type { ProjectSchema } from '../schema-cache/project-schema.ts';
import type { TableSchema } from '../schema-cache/table-schema.ts';
import type { JsonSchema } from './column-json-schema.ts';
import { operationObject } from './operation-object.ts';
import { sharedComponents } from './shared-components.ts';
import { tableJsonSchema } from './table-json-schema.ts';

/**
 * The project's API as an OpenAPI 3.1 document.
 * @param allowed leaves out what the caller may not do
 */
export function openapiDocument(
  schema: ProjectSchema,
  allowed: (table: TableSchema, operation: ApiOperation) => boolean,
): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {};
  const schemas: Record<string, unknown> = { ...sharedComponents.schemas };
  for (const table of schema.tables.values()) {
    const offered = [...table.operations].filter((operation) => allowed(table, operation));
    if (offered.length === 0) continue;
    const component = componentName(table.name);
    schemas[component] = tableJsonSchema(table);
    const addresses = tablePaths(table);
    for (const operation of offered) {
      const { method, on } = operationMethods[operation];
      const path = addresses[on];
      paths[path] ??= on === 'row' ? { parameters: keyParameters(table) } : {};
      paths[path][method.toLowerCase()] = operationObject(
        table,
        operation,
        `#/components/schemas/${component}`,
      );
    }
  }
  return {
    openapi: '3.1.0',
    info: { title: `MagFlock project ${schema.project}`, version: String(schema.version) },
    // Relative to the document, so that it is right below /p/<ref> and behind a proxy too.
    servers: [{ url: '..' }],
    security: [{ apiKey: [] }],
    paths,
    components: { ...sharedComponents, schemas },
  };
}

function keyParameters(table: TableSchema): readonly JsonSchema[] {
  return table.primaryKey.map((column) => ({
    name: column.name,
    in: 'path',
    required: true,
    schema: { type: 'string' },
  }));
}

/** Component names are limited to `[A-Za-z0-9._-]`; `row.` keeps a table named Problem apart from ours. */
function componentName(table: string): string {
  return `row.${encodeURIComponent(table).replaceAll(/[^A-Za-z0-9._-]/g, (character) => `_${character.charCodeAt(0).toString(16)}`)}`;
}
