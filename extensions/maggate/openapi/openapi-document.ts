import { createHash } from 'node:crypto';
import { type Access, fullAccess } from '../dialects/api/access.ts';
import { operationMethods } from '../dialects/api/operation-methods.ts';
import type { ApiOperation } from '../schema-cache/api-operation.ts';
import type { ProjectSchema } from '../schema-cache/project-schema.ts';
import { overviewPaths } from './overview-paths.ts';
import { sharedComponents } from './shared-components.ts';
import { type TableParts, tableParts } from './table-parts.ts';

/** Longest stretch that a thread spends on this before it lets other requests through. */
const turnMs = 8;

/**
 * Makes what documents of a project are put together from, in short turns, so that a project of a thousand tables does
 * not hold its thread up. Afterwards `openapiDocument` has little left to do.
 */
export async function prepareOpenapi(schema: ProjectSchema): Promise<void> {
  let since = performance.now();
  for (const table of schema.tables.values()) {
    tableParts(schema, table, fullAccess);
    if (performance.now() - since < turnMs) continue;
    await new Promise(setImmediate);
    since = performance.now();
  }
}

/** A document and what tells it from every other one. */
export interface OpenapiDocument {
  readonly body: Buffer;
  readonly digest: string;
}

interface Offered {
  readonly parts: TableParts;
  readonly operations: readonly ApiOperation[];
}

/**
 * The project's API as an OpenAPI 3.1 document. Its bytes are copied together anew each time: that takes milliseconds,
 * and whole documents of each caller would take more memory than they are worth.
 * @param access leaves out what the caller may not do
 */
export function openapiDocument(schema: ProjectSchema, access: Access): OpenapiDocument {
  const head = headOf(schema);
  const digest = createHash('sha256').update(head).update(sharedDigest);
  const tables: Offered[] = [];
  for (const table of schema.tables.values()) {
    const operations = [...table.operations].filter((operation) => access.allows(table, operation));
    if (operations.length === 0) continue;
    const parts = tableParts(schema, table, access);
    digest.update(parts.digest).update(operations.join());
    tables.push({ parts, operations });
  }
  const pieces: Buffer[] = [Buffer.from(`${head},"paths":{${members(overviewPaths)}`)];
  for (const { parts, operations } of tables) writeItems(pieces, parts, operations);
  pieces.push(shared);
  for (const { parts } of tables) {
    for (const { bytes, target, needs } of parts.schemas) {
      if (target === undefined || needs === undefined) pieces.push(bytes);
      else if (target.operations.has(needs) && access.allows(target, needs)) pieces.push(bytes);
    }
  }
  pieces.push(Buffer.from('}}}'));
  return { body: Buffer.concat(pieces), digest: digest.digest('base64url').slice(0, 22) };
}

const comma = Buffer.from(',');
const end = Buffer.from('}');

const { schemas, ...otherComponents } = sharedComponents;
const shared = Buffer.from(`},"components":{${members(otherComponents)},"schemas":{${members(schemas)}`);
const sharedDigest = createHash('sha256').update(shared).digest();

function headOf(schema: ProjectSchema): string {
  const head = {
    openapi: '3.1.0',
    info: {
      title: `MagFlock project ${schema.project}`,
      version: String(schema.version),
      description:
        'Every answer has `X-Request-Id`; every error is a problem (RFC 9457) with a code and a way out.',
    },
    // Relative to the document, so that it is right below /p/<ref> and behind a proxy too.
    servers: [{ url: '..' }],
    security: [{ apiKey: [] }, { bearer: [] }],
  };
  return JSON.stringify(head).slice(0, -1);
}

function members(value: object): string {
  return JSON.stringify(value).slice(1, -1);
}

function writeItems(pieces: Buffer[], parts: TableParts, operations: readonly ApiOperation[]): void {
  for (const on of ['table', 'row'] as const) {
    const described = operations
      .filter((operation) => operationMethods[operation].on === on)
      .flatMap((operation) => parts.operations.get(operation) ?? []);
    for (const [index, operation] of described.entries()) {
      pieces.push(comma);
      if (index === 0) pieces.push(parts.items[on]);
      pieces.push(operation);
    }
    if (described.length > 0) pieces.push(end);
  }
}
