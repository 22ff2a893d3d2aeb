import { type Access, fullAccess } from '../dialects/api/access.ts';
import { operationMethods } from '../dialects/api/operation-methods.ts';
import type { ProjectSchema } from '../schema-cache/project-schema.ts';
import { overviewPaths } from './overview-paths.ts';
import { sharedComponents } from './shared-components.ts';
import { type TableParts, tableParts } from './table-parts.ts';

/** Documents of the callers who asked last: mostly those of a public key and of a secret one. */
const mostKept = 4;
const documents = new WeakMap<ProjectSchema, Map<string, string>>();

/** Longest stretch that a thread spends on this before it lets other requests through. */
const turnMs = 8;

/**
 * Makes what documents of a project are put together from, in short turns, so that a project of a thousand tables does
 * not hold its thread up. Afterwards `openapiDocument` has little left to do.
 */
export async function prepareOpenapi(schema: ProjectSchema): Promise<void> {
  let since = performance.now();
  for (const table of schema.tables.values()) {
    tableParts(table, fullAccess);
    if (performance.now() - since < turnMs) continue;
    await new Promise(setImmediate);
    since = performance.now();
  }
}

/**
 * The project's API as the text of an OpenAPI 3.1 document.
 * @param access leaves out what the caller may not do
 */
export function openapiDocument(schema: ProjectSchema, access: Access): string {
  let kept = documents.get(schema);
  if (kept === undefined) {
    kept = new Map();
    documents.set(schema, kept);
  }
  const known = kept.get(access.key);
  if (known !== undefined) return known;
  if (kept.size >= mostKept) kept.clear();
  const text = writeDocument(schema, access);
  kept.set(access.key, text);
  return text;
}

function writeDocument(schema: ProjectSchema, access: Access): string {
  const paths = [JSON.stringify(overviewPaths).slice(1, -1)];
  const schemas = [JSON.stringify(sharedComponents.schemas).slice(1, -1)];
  for (const table of schema.tables.values()) {
    const offered = [...table.operations].filter((operation) => access.allows(table, operation));
    if (offered.length === 0) continue;
    const parts = tableParts(table, access);
    schemas.push(parts.schemas);
    for (const on of ['table', 'row'] as const) {
      const operations = offered.filter((operation) => operationMethods[operation].on === on);
      const item = pathItem(parts, on, operations);
      if (item !== undefined) paths.push(item);
    }
  }
  const head = {
    openapi: '3.1.0',
    info: { title: `MagFlock project ${schema.project}`, version: String(schema.version) },
    // Relative to the document, so that it is right below /p/<ref> and behind a proxy too.
    servers: [{ url: '..' }],
    security: [{ apiKey: [] }, { bearer: [] }],
  };
  const components = JSON.stringify({ ...sharedComponents, schemas: undefined });
  return (
    `${JSON.stringify(head).slice(0, -1)},"paths":{${paths.join()}},` +
    `"components":${components.slice(0, -1)},"schemas":{${schemas.join()}}}}`
  );
}

function pathItem(
  parts: TableParts,
  on: 'table' | 'row',
  operations: readonly Parameters<TableParts['operations']['get']>[0][],
): string | undefined {
  const members = operations.flatMap((operation) => parts.operations.get(operation) ?? []);
  if (members.length === 0) return undefined;
  return `${parts.addresses[on]}:{${on === 'row' ? parts.rowHead : ''}${members.join()}}`;
}
