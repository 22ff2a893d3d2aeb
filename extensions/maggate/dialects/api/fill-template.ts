import type { ApiPlan } from './api-plan.ts';
import type { PlanTemplate } from './plan-template.ts';

/** A template with this request's values. Written out, because a spread costs ten times as much here. */
export function fillTemplate(template: PlanTemplate, parameters: readonly (string | null)[]): ApiPlan {
  return {
    access: template.access,
    operation: template.operation,
    table: template.table,
    sql: template.sql,
    parameters,
    parameterColumns: template.parameterColumns,
    shape: template.shape,
    schemaVersion: template.schemaVersion,
    answer: template.answer,
    action: template.action,
    columns: template.columns,
    purpose: template.purpose,
    tag: template.tag,
    minimal: template.minimal,
    sources: template.sources,
  };
}
