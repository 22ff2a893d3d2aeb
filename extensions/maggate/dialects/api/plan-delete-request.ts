import type { GatewayRequest } from '../../../sdk/index.ts';
import { buildDelete } from '../../build-sql/build-delete.ts';
import { arrayOfTexts } from '../../plan/array-of-texts.ts';
import type { ApiPlan } from './api-plan.ts';
import type { ApiTarget } from './api-target.ts';
import { readIfMatch } from './conditional/read-if-match.ts';
import { fillTemplate } from './fill-template.ts';
import { parseId } from './parse-id.ts';
import { planTemplate } from './plan-template.ts';
import { rowFilter } from './row-filter.ts';
import { rowOptions } from './row-options.ts';
import { tableTemplates } from './table-templates.ts';

/**
 * DELETE /api/{table}/{id}
 * @throws MF405, MF406
 */
export function planDeleteRequest(target: ApiTarget, request: GatewayRequest, id: string): ApiPlan {
  const { table } = target;
  const { query, filter, headers } = request;
  const tags = readIfMatch(headers);
  // Checked although nothing is shown: a filter here would be taken for a condition of the delete.
  rowOptions(table, query);
  const { shape, conditions, parameters } = rowFilter(table, filter);
  const { shapes } = tableTemplates(table);
  const match = tags !== undefined;
  const name = `d${match ? 'e' : ''}${shape}`;
  let template = shapes.get(name);
  if (template === undefined) {
    const statement = buildDelete(table, conditions, match);
    template = planTemplate(table, target.schema.version, 'delete', statement);
    shapes.set(name, template);
  }
  return fillTemplate(template, [
    ...parseId(table, id),
    ...parameters,
    ...(tags === undefined ? [] : [arrayOfTexts(tags)]),
  ]);
}
