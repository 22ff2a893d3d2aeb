import { buildRead } from '../../build-sql/build-read.ts';
import type { ApiPlan } from './api-plan.ts';
import type { ApiTarget } from './api-target.ts';
import { fillTemplate } from './fill-template.ts';
import { parseId } from './parse-id.ts';
import { type PlanTemplate, planTemplate } from './plan-template.ts';
import { rowOptions } from './row-options.ts';
import { tableTemplates } from './table-templates.ts';

/**
 * GET /api/{table}/{id}
 * @throws MF402, MF405, MF406
 */
export function planReadRequest(target: ApiTarget, id: string, query: string): ApiPlan {
  const templates = tableTemplates(target.table);
  let template: PlanTemplate | undefined;
  if (query === '') {
    templates.read ??= readTemplate(target, query);
    template = templates.read;
  } else {
    const key = `g${query}`;
    template = templates.shapes.get(key);
    if (template === undefined) {
      template = readTemplate(target, query);
      templates.shapes.set(key, template);
    }
  }
  return fillTemplate(template, parseId(target.table, id));
}

function readTemplate(target: ApiTarget, query: string): PlanTemplate {
  const statement = buildRead(target.table, rowOptions(target.table, query));
  return planTemplate(target.table, target.schema.version, 'read', statement);
}
