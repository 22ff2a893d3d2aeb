import type { GatewayRequest } from '../../../sdk/index.ts';
import { buildInsert } from '../../build-sql/build-insert.ts';
import { parseDocuments } from '../../parse/parse-documents.ts';
import { bindRow } from '../../plan/bind-row.ts';
import type { BoundRow } from '../../plan/bound-row.ts';
import { planInsert } from '../../plan/plan-insert.ts';
import type { ApiPlan } from './api-plan.ts';
import type { ApiTarget } from './api-target.ts';
import { fillTemplate } from './fill-template.ts';
import { namesRelations } from './nested/names-relations.ts';
import { planNestedRequest } from './nested/plan-nested-request.ts';
import { type PlanTemplate, planTemplate } from './plan-template.ts';
import { rowOptions } from './row-options.ts';
import { rowShape } from './row-shape.ts';
import { tableTemplates } from './table-templates.ts';
import { wantsMinimal } from './wants-minimal.ts';

/**
 * POST /api/{table}: one row or many, perhaps with rows of other tables in them.
 * @throws MF402, MF405, MF422, MF423, MF113
 */
export function planCreateRequest(target: ApiTarget, request: GatewayRequest): ApiPlan {
  const documents = parseDocuments(request.json, true);
  if (documents.rows.some((row) => namesRelations(target.table, row))) {
    return planNestedRequest(target, request, documents, 'create');
  }
  const rows = documents.rows.map((row, index) =>
    bindRow(target.table, row, documents.many ? `item ${index} of the body` : 'the body'),
  );
  const parameters = rows.flatMap((row) => row.map((entry) => entry.value.text));
  if (documents.many) return fillTemplate(createTemplate(target, request, rows, true), parameters);
  const key = `c${rowShape(rows[0]!)}${wantsMinimal(request.headers) ? 'm' : ''}?${request.query}`;
  const { shapes } = tableTemplates(target.table);
  let template = shapes.get(key);
  if (template === undefined) {
    template = createTemplate(target, request, rows, false);
    shapes.set(key, template);
  }
  return fillTemplate(template, parameters);
}

function createTemplate(
  target: ApiTarget,
  request: GatewayRequest,
  rows: readonly BoundRow[],
  many: boolean,
): PlanTemplate {
  const minimal = wantsMinimal(request.headers);
  const columns = rowOptions(target.table, request.query);
  const statement = buildInsert(planInsert(target.table, rows, many, minimal ? undefined : columns));
  return planTemplate(target.table, target.schema.version, many ? 'create-many' : 'create', statement, {
    minimal,
    named: !many,
  });
}
