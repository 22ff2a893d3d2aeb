import type { ApiOperation } from '../../schema-cache/api-operation.ts';
import type { Access, ColumnRight } from './access.ts';

type Privilege = ColumnRight | 'delete';

/** What each operation needs; whatever answers with a row or looks for one must be able to read it. */
const needed: Readonly<Record<ApiOperation, readonly Privilege[]>> = {
  list: ['select'],
  read: ['select'],
  create: ['insert'],
  replace: ['select', 'update'],
  update: ['select', 'update'],
  delete: ['select', 'delete'],
};

/** True for a right on the whole table, the columns it is on where there are only some, else null. */
function heldSql(right: ColumnRight): string {
  return `case when pg_catalog.has_table_privilege(c.oid, '${right}') then 'true'::json
    when pg_catalog.has_any_column_privilege(c.oid, '${right}') then (
      select pg_catalog.json_agg(a.attname) from pg_catalog.pg_attribute as a
      where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
        and pg_catalog.has_column_privilege(c.oid, a.attnum, '${right}'))
    end`;
}

/**
 * One row with, by table name, the privileges the caller's role has. Answered by the database in the request's own
 * transaction, so it is never stale and the gateway need not know the role. The parameter is the schema.
 */
export const privilegesSql = `select coalesce(pg_catalog.json_object_agg(c.relname, pg_catalog.json_build_object(
    'select', ${heldSql('select')},
    'insert', ${heldSql('insert')},
    'update', ${heldSql('update')},
    'delete', case when pg_catalog.has_table_privilege(c.oid, 'delete') then true end
  )), '{}')::text as body, count(*) as rows
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = $1 and c.relkind in ('r', 'v', 'm', 'f', 'p')
  and pg_catalog.has_schema_privilege(n.oid, 'usage')`;

type Held = Readonly<Record<Privilege, true | readonly string[] | null>>;

/** Reads the answer of `privilegesSql`. */
export function readPrivileges(body: string | null): Access {
  const granted: Readonly<Record<string, Held>> = JSON.parse(body ?? '{}');
  const heldOn = (table: string): Held | undefined =>
    Object.hasOwn(granted, table) ? granted[table] : undefined;
  return {
    allows(table, operation) {
      const held = heldOn(table.name);
      return held !== undefined && needed[operation].every((privilege) => held[privilege] !== null);
    },
    columns(table, right) {
      const held = heldOn(table.name)?.[right] ?? [];
      return held === true ? undefined : held;
    },
  };
}
