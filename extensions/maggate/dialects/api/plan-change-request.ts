import type { ExtensionError, GatewayRequest } from '../../../sdk/index.ts';
import { buildUpdate } from '../../build-sql/build-update.ts';
import { malformed } from '../../parse/malformed.ts';
import { parseDocuments } from '../../parse/parse-documents.ts';
import { arrayOfTexts } from '../../plan/array-of-texts.ts';
import { bindRow } from '../../plan/bind-row.ts';
import type { BoundRow } from '../../plan/bound-row.ts';
import type { Condition } from '../../plan/condition.ts';
import { planPatch } from '../../plan/plan-patch.ts';
import { planReplace } from '../../plan/plan-replace.ts';
import type { ApiPlan } from './api-plan.ts';
import type { ApiTarget } from './api-target.ts';
import { readIfMatch } from './conditional/read-if-match.ts';
import { showsAll } from './conditional/shows-all.ts';
import { fillTemplate } from './fill-template.ts';
import { namesRelations } from './nested/names-relations.ts';
import { planNestedRequest } from './nested/plan-nested-request.ts';
import { parseId } from './parse-id.ts';
import { type PlanTemplate, planTemplate } from './plan-template.ts';
import { rowFilter } from './row-filter.ts';
import { rowOptions } from './row-options.ts';
import { rowShape } from './row-shape.ts';
import { tableTemplates } from './table-templates.ts';
import { wantsMinimal } from './wants-minimal.ts';

/**
 * PATCH (`update`) and PUT (`replace`) of /api/{table}/{id}. PUT replaces a row that exists and answers 404
 * when there is none: creating is POST's, so a key that may only update cannot create.
 * With If-Match the row must have one of the tags that it names, or it is MF412.
 * @throws MF402, MF405, MF406, MF422, MF423
 */
export function planChangeRequest(
  target: ApiTarget,
  request: GatewayRequest,
  id: string,
  purpose: 'update' | 'replace',
): ApiPlan {
  const { table } = target;
  const key = parseId(table, id);
  const documents = parseDocuments(request.json, false);
  const document = documents.rows[0]!;
  const tags = readIfMatch(request.headers);
  if (namesRelations(table, document)) {
    if (tags !== undefined) throw noTagsOfTrees();
    const filter = rowFilter(table, request.filter);
    return planNestedRequest(target, request, documents, purpose, { key, filter });
  }
  const repeated = purpose === 'replace' ? table.primaryKey : [];
  const row = bindRow(table, document, 'the body', repeated);
  const filter = rowFilter(table, request.filter);
  const shape = `${purpose === 'update' ? 'u' : 'r'}${rowShape(row)}${wantsMinimal(request.headers) ? 'm' : ''}${tags === undefined ? '' : 'e'}?${request.query}${filter.shape}`;
  const { shapes } = tableTemplates(table);
  let template = shapes.get(shape);
  if (template === undefined) {
    template = changeTemplate(target, request, row, purpose, filter.conditions, tags !== undefined);
    shapes.set(shape, template);
  }
  const assigned = row.filter((entry) => !repeated.includes(entry.column));
  const guards = repeated.flatMap((column) => row.find((entry) => entry.column === column) ?? []);
  return fillTemplate(template, [
    ...assigned.map((entry) => entry.value.text),
    ...key,
    ...guards.map((entry) => entry.value.text),
    ...filter.parameters,
    ...(tags === undefined ? [] : [arrayOfTexts(tags)]),
  ]);
}

function changeTemplate(
  target: ApiTarget,
  request: GatewayRequest,
  row: BoundRow,
  purpose: 'update' | 'replace',
  conditions: readonly Condition[],
  match: boolean,
): PlanTemplate {
  const minimal = wantsMinimal(request.headers);
  const columns = rowOptions(target.table, request.query);
  const plan = purpose === 'update' ? planPatch : planReplace;
  const whole = !minimal && showsAll(target.table, columns);
  const tag = whole ? 'body' : match ? 'column' : undefined;
  const update = plan(target.table, row, minimal ? undefined : columns);
  const statement = buildUpdate(update, conditions, { match, show: tag === 'column' });
  return planTemplate(target.table, target.schema.version, purpose, statement, { minimal, tag });
}

function noTagsOfTrees(): ExtensionError {
  return malformed(
    'If-Match',
    'If-Match is about one row; this body writes rows of several tables.',
    'Leave the relations out of the body, or the header.',
  );
}
