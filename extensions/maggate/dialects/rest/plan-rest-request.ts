import { shapeOf } from '../../../sdk/gateway.ts';
import type { GatewayAnswer, GatewayRequest, Plan } from '../../../sdk/index.ts';
import { requestLimits } from '../../plan/limits/request-limits.ts';
import type { DataSchema, Routine } from '../../schema-cache/data-schema.ts';
import { preRequestSql } from '../../transaction/pre-request-sql.ts';
import type { ActionPlan } from './action-plan.ts';
import { answerInfo } from './answer/answer-info.ts';
import { commonHeaders } from './answer/common-headers.ts';
import { contentType } from './answer/content-type.ts';
import { finishAnswer } from './answer/finish-answer.ts';
import { buildAction } from './build-action.ts';
import { errorAnswer } from './errors/error-answer.ts';
import { parseRestRequest } from './parse/parse-rest-request.ts';
import { planAction } from './plan/plan-action.ts';
import { RestError } from './rest-error.ts';
import type { RestPlan } from './rest-plan.ts';
import type { RestRequest } from './rest-request.ts';
import { planRoot } from './root/plan-root.ts';
import { checkDepth } from './transaction/check-depth.ts';
import { plannedAccess } from './transaction/planned-access.ts';
import { restrictRows } from './transaction/restrict-rows.ts';
import { transactionEnd } from './transaction/transaction-end.ts';
import { transactionIsolation } from './transaction/transaction-isolation.ts';
import { transactionSettings } from './transaction/transaction-settings.ts';

/**
 * A request below /rest/v1 as a plan: read this first. It goes parse (what was said) → plan (names looked up) → build
 * SQL, and around the statement comes what its transaction needs.
 * @returns the answer itself where no database is needed: OPTIONS, and whatever cannot be planned
 */
export function planRestRequest(schema: DataSchema, request: GatewayRequest): RestPlan | GatewayAnswer {
  const { settings } = schema;
  try {
    const started = performance.now();
    const rest = parseRestRequest(withFilter(request), settings);
    const parsed = performance.now();
    const { action } = rest;
    if (action.kind === 'table-info' || action.kind === 'routine-info' || action.kind === 'root-info') {
      const info = answerInfo(schema, action, rest);
      const durations = {
        parse: parsed - started,
        plan: performance.now() - parsed,
        transaction: 0,
        response: 0,
      };
      const headers = commonHeaders(settings, info.headers, durations);
      return finishAnswer(settings, request.headers, { ...info, headers });
    }
    const planned = action.kind === 'inspect' ? undefined : plannedWithin(schema, rest, request);
    const statement =
      planned === undefined ? rootStatement(schema, rest) : builtStatement(schema, planned, rest);
    const routine = planned?.kind === 'call' ? planned.call.routine : undefined;
    return {
      ...statement,
      ...transactionOf(schema, request, rest, routine),
      schemaVersion: schema.version,
      rest,
      planned,
      dataSchema: schema,
      dataApi: settings,
      parseMs: parsed - started,
      planMs: performance.now() - parsed,
    };
  } catch (error) {
    if (!(error instanceof RestError)) throw error;
    return finishAnswer(settings, request.headers, errorAnswer(error, settings.clientErrorVerbosity));
  }
}

/** A plan that keeps to what the role and the key may ask for. */
function plannedWithin(schema: DataSchema, rest: RestRequest, request: GatewayRequest): ActionPlan {
  const planned = planAction(schema, rest);
  const limits = requestLimits(schema.settings, request);
  checkDepth(planned.read, limits?.depth);
  return restrictRows(planned, limits?.rows);
}

type Statement = Omit<Plan, 'schemaVersion'>;

function rootStatement(schema: DataSchema, rest: RestRequest): Statement {
  return {
    ...planRoot(schema, rest),
    access: 'read',
    operation: 'select',
    table: { schema: 'pg_catalog', name: 'pg_class' },
    answer: { status: 200, contentType: contentType({ kind: 'openapi' }) },
  };
}

function builtStatement(schema: DataSchema, planned: ActionPlan, rest: RestRequest): Statement {
  const { preferences } = rest;
  const built = buildAction(planned, {
    preferCount: preferences.count,
    maxRows: schema.settings.dbMaxRows,
    range: rest.topRange,
    returnPreference: preferences.return,
    resolution: preferences.resolution,
    maxAffected: preferences.handling === 'strict' ? preferences.maxAffected : undefined,
  });
  const { explain } = built;
  return {
    ...plannedAccess(planned, rest),
    sql: built.text,
    parameters: built.parameters.map(({ value }) => value),
    parameterColumns: built.parameters.map(({ column }) => column),
    shape: shapeOf(
      built.text,
      built.parameters.map(({ type }) => type ?? ''),
    ),
    answer: { status: 200, contentType: contentType(planned.media) },
    explain:
      explain === undefined
        ? undefined
        : { sql: explain.text, parameters: explain.parameters.map(({ value }) => value) },
    columns: built.columns,
    explains: built.explains,
  };
}

function transactionOf(
  schema: DataSchema,
  request: GatewayRequest,
  rest: RestRequest,
  routine: Routine | undefined,
): Pick<Plan, 'settings' | 'before' | 'end' | 'isolation' | 'limits'> {
  const { settings } = schema;
  return {
    settings: transactionSettings(schema, request, rest, routine),
    before: preRequestSql(settings.dbPreRequest),
    end: transactionEnd(settings.dbTxEnd, rest.preferences.transaction),
    isolation: transactionIsolation(schema, request.visibleAs, routine),
    limits: requestLimits(settings, request),
  };
}

/** What a hook demands of every row joins the caller's own filters. */
function withFilter(request: GatewayRequest): GatewayRequest {
  const { query, filter } = request;
  if (filter === undefined || filter === '') return request;
  return { ...request, query: query === '' ? filter : `${query}&${filter}` };
}
