import type { GatewayRequest } from '../../../../sdk/index.ts';
import type { DataSchema } from '../../../schema-cache/data-schema.ts';
import { encodePart } from '../parse/encode-part.ts';
import type { RestPlan } from '../rest-plan.ts';
import { transactionSettings } from '../transaction/transaction-settings.ts';
import type { ReadTemplate } from './read-template.ts';
import type { ScannedRead } from './scan-read.ts';

/** A template with this request's values. Written out, because a spread costs ten times as much here. */
export function fillRead(
  schema: DataSchema,
  request: GatewayRequest,
  { kinds, values }: ScannedRead,
  template: ReadTemplate,
): RestPlan {
  const started = performance.now();
  const { plan } = template;
  const { rest } = plan;
  const parameters: (string | null)[] = [];
  for (const filling of template.fillings) {
    if (filling.kind === 'constant') parameters.push(filling.text);
    else {
      const value = values[filling.hole] as string;
      parameters.push(filling.kind === 'like' ? value.replaceAll('*', '%') : value);
    }
  }
  let { offset, limit } = rest.topRange;
  for (let hole = 0; hole < kinds.length; hole += 1) {
    if (kinds[hole] === 'limit') limit = Number(values[hole]);
    else if (kinds[hole] === 'offset') offset = Number(values[hole]);
  }
  const { query } = rest;
  return {
    access: plan.access,
    operation: plan.operation,
    table: plan.table,
    further: plan.further,
    action: plan.action,
    sql: plan.sql,
    parameters,
    parameterColumns: plan.parameterColumns,
    shape: plan.shape,
    schemaVersion: plan.schemaVersion,
    answer: plan.answer,
    settings: transactionSettings(schema, request, rest, undefined),
    before: plan.before,
    explain: undefined,
    end: plan.end,
    isolation: plan.isolation,
    limits: plan.limits,
    columns: plan.columns,
    explains: plan.explains,
    rest: {
      action: rest.action,
      schema: rest.schema,
      negotiatedByProfile: rest.negotiatedByProfile,
      query: {
        select: query.select,
        columns: query.columns,
        onConflict: query.onConflict,
        filters: query.filters,
        parameters: query.parameters,
        logic: query.logic,
        order: query.order,
        ranges: query.ranges,
        canonical: canonical(template, values),
      },
      topRange: { offset, limit },
      preferences: rest.preferences,
      accept: rest.accept,
      contentType: rest.contentType,
      payload: undefined,
      columns: rest.columns,
      method: rest.method,
      path: rest.path,
    },
    planned: plan.planned,
    dataSchema: schema,
    dataApi: schema.settings,
    parseMs: 0,
    planMs: performance.now() - started,
  };
}

function canonical({ canonicalParts, canonicalHoles }: ReadTemplate, values: readonly string[]): string {
  let text = canonicalParts[0] as string;
  for (let index = 0; index < canonicalHoles.length; index += 1) {
    text += encodePart(values[canonicalHoles[index] as number] as string) + canonicalParts[index + 1];
  }
  return text;
}
