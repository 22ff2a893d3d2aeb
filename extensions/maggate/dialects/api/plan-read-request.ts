import { buildRead } from '../../build-sql/build-read.ts';
import type { Condition } from '../../plan/condition.ts';
import type { ApiPlan } from './api-plan.ts';
import type { ApiTarget } from './api-target.ts';
import { showsAll } from './conditional/shows-all.ts';
import { fillTemplate } from './fill-template.ts';
import { needsTree } from './list/needs-tree.ts';
import { planTreeRow } from './list/plan-tree-row.ts';
import { treeTarget } from './list/tree-target.ts';
import { parseId } from './parse-id.ts';
import { type PlanTemplate, planTemplate } from './plan-template.ts';
import { rowFilter } from './row-filter.ts';
import { rowOptions } from './row-options.ts';
import { scanQuery } from './scan-query.ts';
import { tableTemplates } from './table-templates.ts';

/**
 * GET /api/{table}/{id}
 * @param filter what a hook demands of the row besides
 * @throws MF402, MF405, MF406, with relations MF408
 */
export function planReadRequest(target: ApiTarget, id: string, query: string, filter?: string): ApiPlan {
  if (query !== '') {
    const scanned = scanQuery(query);
    if (needsTree(target.table, scanned)) return planTreeRow(treeTarget(target), id, scanned, filter);
  }
  const templates = tableTemplates(target.table);
  let template: PlanTemplate | undefined;
  const { shape, conditions, parameters } = rowFilter(target.table, filter);
  if (query === '' && shape === '') {
    templates.read ??= readTemplate(target, query, []);
    template = templates.read;
  } else {
    const key = `g${query}${shape}`;
    template = templates.shapes.get(key);
    if (template === undefined) {
      template = readTemplate(target, query, conditions);
      templates.shapes.set(key, template);
    }
  }
  const key = parseId(target.table, id);
  return fillTemplate(template, parameters.length === 0 ? key : [...key, ...parameters]);
}

function readTemplate(target: ApiTarget, query: string, conditions: readonly Condition[]): PlanTemplate {
  const columns = rowOptions(target.table, query);
  const statement = buildRead(target.table, columns, conditions);
  const tag = showsAll(target.table, columns) ? 'body' : undefined;
  return planTemplate(target.table, target.schema.version, 'read', statement, { tag });
}
