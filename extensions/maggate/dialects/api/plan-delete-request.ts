import { buildDelete } from '../../build-sql/build-delete.ts';
import type { ApiPlan } from './api-plan.ts';
import type { ApiTarget } from './api-target.ts';
import { fillTemplate } from './fill-template.ts';
import { parseId } from './parse-id.ts';
import { planTemplate } from './plan-template.ts';
import { rowFilter } from './row-filter.ts';
import { rowOptions } from './row-options.ts';
import { tableTemplates } from './table-templates.ts';

/**
 * DELETE /api/{table}/{id}
 * @param filter what a hook demands of the row besides
 * @throws MF405, MF406
 */
export function planDeleteRequest(target: ApiTarget, id: string, query: string, filter?: string): ApiPlan {
  const { table } = target;
  // Checked although nothing is shown: a filter here would be taken for a condition of the delete.
  rowOptions(table, query);
  const { shape, conditions, parameters } = rowFilter(table, filter);
  const { shapes } = tableTemplates(table);
  let template = shapes.get(`d${shape}`);
  if (template === undefined) {
    template = planTemplate(table, target.schema.version, 'delete', buildDelete(table, conditions));
    shapes.set(`d${shape}`, template);
  }
  return fillTemplate(template, [...parseId(table, id), ...parameters]);
}
