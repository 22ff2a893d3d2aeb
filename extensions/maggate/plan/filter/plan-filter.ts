import type { Filter } from '../../query/query-params.ts';
import type { DataSchema, DataTable } from '../../schema-cache/data-schema.ts';
import { representField } from '../field/represent-field.ts';
import { resolveField } from '../field/resolve-field.ts';
import type { PlannedLogic } from '../read-plan.ts';

/** Resolves the field of one filter. */
export function planFilter(schema: DataSchema, table: DataTable | undefined, filter: Filter): PlannedLogic {
  const { operation, aggregate } = filter;
  const search = operation.kind === 'fts' ? (operation.language ?? null) : undefined;
  const field = representField(schema, resolveField(table, filter.field, search), 'filter');
  const planned = { kind: 'filter', field, negated: filter.negated, operation } as const;
  return aggregate === undefined ? planned : { ...planned, aggregate };
}
