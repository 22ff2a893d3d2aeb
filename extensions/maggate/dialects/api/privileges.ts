import type { ApiOperation } from '../../schema-cache/api-operation.ts';
import type { TableSchema } from '../../schema-cache/table-schema.ts';

type Privilege = 'select' | 'insert' | 'update' | 'delete';

/** What each operation needs; whatever answers with a row or looks for one must be able to read it. */
const needed: Readonly<Record<ApiOperation, readonly Privilege[]>> = {
  list: ['select'],
  read: ['select'],
  create: ['insert'],
  replace: ['select', 'update'],
  update: ['select', 'update'],
  delete: ['select', 'delete'],
};

/**
 * One row with, by table name, the privileges the caller's role has on at least one column. Answered by the
 * database in the request's own transaction, so it is never stale and the gateway need not know the role.
 */
export const privilegesSql = `select coalesce(pg_catalog.json_object_agg(c.relname, pg_catalog.array_to_json(pg_catalog.array_remove(array[
    case when pg_catalog.has_any_column_privilege(c.oid, 'select') then 'select' end,
    case when pg_catalog.has_any_column_privilege(c.oid, 'insert') then 'insert' end,
    case when pg_catalog.has_any_column_privilege(c.oid, 'update') then 'update' end,
    case when pg_catalog.has_table_privilege(c.oid, 'delete') then 'delete' end
  ], null))), '{}')::text as body, count(*) as rows
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relkind in ('r', 'v', 'm', 'f', 'p')
  and pg_catalog.has_schema_privilege(n.oid, 'usage')`;

/**
 * Reads the answer of `privilegesSql`.
 * @returns whether an operation on a table may be listed
 */
export function readPrivileges(
  body: string | null,
): (table: TableSchema, operation: ApiOperation) => boolean {
  const granted: Readonly<Record<string, readonly Privilege[]>> = JSON.parse(body ?? '{}');
  return (table, operation) => {
    const held = Object.hasOwn(granted, table.name) ? granted[table.name]! : [];
    return needed[operation].every((privilege) => held.includes(privilege));
  };
}
