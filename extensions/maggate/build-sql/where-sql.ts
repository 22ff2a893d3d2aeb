import type { ListPlan } from '../plan/list-plan.ts';
import { conditionSql } from './condition-sql.ts';
import type { ParameterList } from './parameter-list.ts';
import { searchSql } from './search-sql.ts';

/** ` where … and …`, or nothing. */
export function whereSql(
  plan: Pick<ListPlan, 'table' | 'where' | 'search'>,
  parameters: ParameterList,
): string {
  const conditions = plan.where.map((condition) => conditionSql(plan.table, condition, parameters));
  if (plan.search.length > 0) conditions.push(searchSql(plan.search, parameters));
  return conditions.length === 0 ? '' : ` where ${conditions.join(' and ')}`;
}
