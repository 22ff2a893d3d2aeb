import { buildList } from '../../build-sql/build-list.ts';
import type { Filter } from '../../parse/filter.ts';
import { planList } from '../../plan/plan-list.ts';
import type { ApiPlan } from './api-plan.ts';
import type { ApiTarget } from './api-target.ts';
import { bindFilter } from './bind-filter.ts';
import { fillTemplate } from './fill-template.ts';
import { filterShape } from './filter-shape.ts';
import { needsTree } from './list/needs-tree.ts';
import { planTreeList } from './list/plan-tree-list.ts';
import { treeTarget } from './list/tree-target.ts';
import { parseLimit } from './parse-limit.ts';
import { parseList } from './parse-list.ts';
import { type PlanTemplate, planTemplate } from './plan-template.ts';
import { reservedNames } from './reserved-names.ts';
import { scanQuery } from './scan-query.ts';
import type { ScannedQuery } from './scanned-query.ts';
import { searchPattern } from './search-pattern.ts';
import { tableTemplates } from './table-templates.ts';

/** The caller's query, and what a hook demands of every row. */
interface Asked {
  readonly query: string;
  readonly filter?: string | undefined;
}

/**
 * GET /api/{table}. Requests that differ only in values share a template, found by their shape: the options as
 * written plus the sorted pattern of columns and operators.
 * @throws MF402, MF405, and of trees MF407, MF408
 */
export function planListRequest(target: ApiTarget, request: Asked): ApiPlan {
  const scanned = scanQuery(listQuery(request));
  if (needsTree(target.table, scanned)) {
    return planTreeList(treeTarget(target), scanQuery(request.query), request.filter, target.facts);
  }
  const { limit, offset } = parseLimit(scanned, target.limits);
  const shapes = scanned.filters.map(filterShape);
  const filters = scanned.filters.length > 1 ? sortByShape(scanned.filters, shapes) : scanned.filters;
  const key = shapeKey(scanned, limit, offset > 0, shapes);
  const { shapes: cache } = tableTemplates(target.table);
  let template = cache.get(key);
  if (template === undefined) {
    template = listTemplate(target, { ...scanned, filters: [...filters] });
    cache.set(key, template);
  }
  const parameters: string[] = [];
  for (const filter of filters) {
    if (filter.operator !== 'is') parameters.push(bindFilter(filter));
  }
  if (scanned.q !== undefined) parameters.push(searchPattern(scanned.q));
  if (offset > 0) parameters.push(String(offset));
  return fillTemplate(template, parameters);
}

function listTemplate(target: ApiTarget, scanned: ScannedQuery): PlanTemplate {
  const request = parseList(scanned, target.limits);
  const statement = buildList(planList(target.table, request, reservedNames));
  return planTemplate(target.table, target.schema.version, 'list', statement);
}

/** Filters in the order of their shapes; sorts `shapes` along. */
function sortByShape(filters: readonly Filter[], shapes: string[]): readonly Filter[] {
  const order = filters.map((filter, index) => ({ filter, shape: shapes[index]! }));
  order.sort((a, b) => (a.shape < b.shape ? -1 : a.shape > b.shape ? 1 : 0));
  shapes.splice(0, shapes.length, ...order.map((entry) => entry.shape));
  return order.map((entry) => entry.filter);
}

/** Every text of the caller goes in with its length, so that no name can imitate another shape. */
function shapeKey(scanned: ScannedQuery, limit: number, skips: boolean, shapes: readonly string[]): string {
  let key = `l${limit}${skips ? 'p' : ''}`;
  if (scanned.q !== undefined) key += scanned.q === '' ? 'e' : 'q';
  if (scanned.count !== undefined) key += `c${scanned.count.length}:${scanned.count}`;
  if (scanned.sort !== undefined) key += `s${scanned.sort.length}:${scanned.sort}`;
  if (scanned.fields !== undefined) key += `f${scanned.fields.length}:${scanned.fields}`;
  for (const shape of shapes) key += shape;
  return key;
}

/** The query with what a hook demands of every row. */
function listQuery({ query, filter }: Asked): string {
  if (filter === undefined || filter === '') return query;
  return query === '' ? filter : `${query}&${filter}`;
}
