import type { ListPlan } from '../plan/list-plan.ts';
import { columnList } from './column-list.ts';
import { orderBySql } from './order-by-sql.ts';
import { ParameterList } from './parameter-list.ts';
import { rowAlias } from './row-alias.ts';
import type { Statement } from './statement.ts';
import { tableName } from './table-name.ts';
import { whereSql } from './where-sql.ts';

/**
 * A list with its whole answer made by PostgreSQL. One row more than the limit is read, which tells `hasMore`
 * without a count. The limit is part of the text, because a generic plan of `limit $1` assumes a tenth of the
 * table and PostgreSQL would therefore plan every execution anew; offsets are too many for that and are bound.
 */
export function buildList(plan: ListPlan): Statement {
  const parameters = new ParameterList();
  const from = `from ${tableName(plan.table)} as t${whereSql(plan, parameters)}`;
  const offset = plan.skips ? `${parameters.add('offset', null)}::bigint` : undefined;
  const page = offset === undefined ? '1' : `' || (${offset} / ${plan.limit} + 1) || '`;
  const total = plan.count ? `,"total":' || (select count(*) ${from}) || '` : '';
  const row = rowAlias(plan.columns);
  const text = `select '{"data":' || coalesce(pg_catalog.json_agg(l.item) filter (where l.place <= ${plan.limit})::text, '[]')
  || ',"meta":{"limit":${plan.limit},"page":${page},"hasMore":' || (count(*) > ${plan.limit})::text || '${total}}}' as body,
  least(count(*), ${plan.limit}) as rows
from (
  select ${row} as item, pg_catalog.row_number() over () as place
  from (
    select ${columnList('t', plan.columns)}
    ${from}${orderBySql(plan.sort)}
    limit ${plan.limit + 1}${offset === undefined ? '' : ` offset ${offset}`}
  ) as ${row}
) as l`;
  return { text, parameters: parameters.all };
}
