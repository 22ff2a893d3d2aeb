import type { ApiOperation } from '../../schema-cache/api-operation.ts';
import type { ProjectSchema } from '../../schema-cache/project-schema.ts';
import type { Access } from './access.ts';
import type { Endpoint } from './endpoint.ts';
import { operationMethods } from './operation-methods.ts';
import { tablePaths } from './table-paths.ts';

/**
 * The endpoints of a project.
 * @param access leaves out what the caller may not do
 */
export function listEndpoints(schema: ProjectSchema, access: Access): readonly Endpoint[] {
  const endpoints: Endpoint[] = [];
  for (const table of schema.tables.values()) {
    const paths = tablePaths(table);
    for (const [operation, { method, on }] of Object.entries(operationMethods)) {
      const name = operation as ApiOperation;
      if (!table.operations.has(name) || !access.allows(table, name)) continue;
      endpoints.push({ operation: name, method, path: paths[on], table: table.name });
    }
  }
  return endpoints;
}
