import { shapeOf } from '../../../sdk/gateway.ts';
import type { Statement } from '../../build-sql/statement.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';
import type { ApiPlan } from './api-plan.ts';

/** A plan without its values: made once per shape of request. */
export type PlanTemplate = Omit<ApiPlan, 'parameters'>;

const tagColumns = ['etag'] as const;

const operations = {
  list: { access: 'read', operation: 'select', status: 200 },
  read: { access: 'read', operation: 'select', status: 200 },
  create: { access: 'write', operation: 'insert', status: 201 },
  'create-many': { access: 'write', operation: 'insert', status: 201 },
  replace: { access: 'write', operation: 'update', status: 200 },
  update: { access: 'write', operation: 'update', status: 200 },
  delete: { access: 'write', operation: 'delete', status: 204 },
} as const;

/**
 * Wraps a finished statement.
 * @param version of the schema it was planned with
 * @param options.minimal the caller wants no row back
 * @param options.tag where the tag of the row is found
 * @param options.named false for texts that seldom come again (bulk inserts)
 */
export function planTemplate(
  table: TableSchema,
  version: number,
  purpose: keyof typeof operations,
  statement: Statement,
  options: { readonly minimal?: boolean; readonly named?: boolean; readonly tag?: ApiPlan['tag'] } = {},
): PlanTemplate {
  const { access, operation, status } = operations[purpose];
  const minimal = options.minimal ?? false;
  return {
    access,
    operation,
    table: { schema: table.schema, name: table.name },
    sql: statement.text,
    parameterColumns: statement.parameters.map((parameter) => parameter.column?.name ?? null),
    shape:
      options.named === false
        ? undefined
        : shapeOf(
            statement.text,
            statement.parameters.map((parameter) => parameter.column?.type ?? ''),
          ),
    schemaVersion: version,
    answer: {
      status: minimal && status === 200 ? 204 : status,
      contentType: 'application/json; charset=utf-8',
    },
    action: purpose === 'create-many' ? 'create' : purpose,
    columns: options.tag === 'column' ? tagColumns : undefined,
    purpose,
    tag: options.tag,
    minimal,
    sources: statement.parameters.map((parameter) => parameter.source),
  };
}
