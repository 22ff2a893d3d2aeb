import { shapeOf } from '../../../../sdk/gateway.ts';
import type { TreeStatement } from '../../../build-sql/build-tree-list.ts';
import { embeddedTables } from '../../../plan/embed/embedded-tables.ts';
import type { ReadNode } from '../../../plan/read-plan.ts';
import type { ApiPlan } from '../api-plan.ts';
import type { TreeTarget } from './tree-target.ts';

/** A plan of this dialect that reads a tree. */
export function treePlan(
  { schema, table }: TreeTarget,
  root: ReadNode,
  statement: TreeStatement,
  purpose: 'list' | 'read',
): ApiPlan {
  const { text, parameters, columns } = statement;
  const embedded = embeddedTables(root);
  return {
    access: 'read',
    operation: 'select',
    table: { schema: table.schema, name: table.name },
    sql: text,
    parameters: parameters.map(({ value }) => value),
    parameterColumns: parameters.map(({ column }) => column),
    shape: shapeOf(
      text,
      parameters.map(({ type }) => type ?? ''),
    ),
    schemaVersion: schema.version,
    answer: { status: 200, contentType: 'application/json; charset=utf-8' },
    action: purpose,
    ...(columns.length === 0 ? {} : { columns }),
    ...(embedded.length === 0
      ? {}
      : { further: embedded.map((one) => ({ operation: 'select' as const, table: one })) }),
    purpose,
    minimal: false,
    sources: parameters.map(({ source, column }) => source ?? (column === null ? 'offset' : 'filter')),
  };
}
