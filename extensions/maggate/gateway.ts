import { defineGateway } from '../sdk/gateway.ts';
import {
  type CostLimits,
  ExtensionError,
  type GatewayAnswer,
  type GatewayContext,
  type GatewayRequest,
} from '../sdk/index.ts';
import { answerBatch } from './batch/answer-batch.ts';
import type { BatchPlan } from './batch/batch-plan.ts';
import { explainBatch } from './batch/explain-batch.ts';
import { planBatch } from './batch/plan-batch.ts';
import { answerOverview } from './dialects/api/answer-overview.ts';
import { answerPlan } from './dialects/api/answer-plan.ts';
import type { ApiLimits } from './dialects/api/api-limits.ts';
import type { ApiPlan } from './dialects/api/api-plan.ts';
import { explainError } from './dialects/api/explain/explain-error.ts';
import { answerCursorList } from './dialects/api/list/answer-cursor-list.ts';
import { narrowLimits } from './dialects/api/narrow-limits.ts';
import { planRequest } from './dialects/api/plan-request.ts';
import { readPrivileges } from './dialects/api/privileges.ts';
import { readLimits } from './dialects/api/read-limits.ts';
import { answerPreflight } from './dialects/rest/answer/answer-preflight.ts';
import { answerRest } from './dialects/rest/answer-rest.ts';
import { explainRest } from './dialects/rest/explain-rest.ts';
import type { planRestRequest } from './dialects/rest/plan-rest-request.ts';
import { refuseRest } from './dialects/rest/refuse-rest.ts';
import type { RestPlan } from './dialects/rest/rest-plan.ts';
import { planRemembered } from './dialects/rest/template/plan-remembered.ts';
import { prepareOpenapi } from './openapi/openapi-document.ts';
import { requestLimits } from './plan/limits/request-limits.ts';
import type { DataSchema } from './schema-cache/data-schema.ts';
import { Freshener } from './schema-cache/freshener.ts';
import type { ProjectSchema } from './schema-cache/project-schema.ts';
import { type SchemaDelta, type SchemaSnapshot, SchemaStore } from './schema-cache/schema-store.ts';
import { explainPreRequest } from './transaction/explain-pre-request.ts';
import { withPreRequest } from './transaction/with-pre-request.ts';

interface GatewayState {
  readonly context: GatewayContext;
  readonly freshener: Freshener;
  readonly schemas: SchemaStore;
  readonly limits: ApiLimits;
}

/** Prefix of the PostgREST dialect, and of batches of operations; everything else is `/api`. */
const rest = '/rest/v1';
const batch = '/batch/v1';

/** MagGate in a CPU thread: requests become plans, results become answers. */
export const gateway = defineGateway<GatewayState, SchemaSnapshot, SchemaDelta>({
  mounts: [
    { prefix: '/api', tokens: 'else-key' },
    { prefix: batch, tokens: 'else-key' },
    { prefix: rest, anyText: true, tokens: true, ownMethods: true },
  ],
  dialect: 'problem',
  init: (context) => ({
    context,
    freshener: new Freshener((project) => context.activate(project)),
    schemas: new SchemaStore(),
    limits: readLimits(context.config),
  }),
  applySnapshot: (state, snapshot) => state.schemas.applySnapshot(snapshot),
  applyDelta: (state, delta) => state.schemas.applyDelta(delta),
  plan: (state, request) => (request.mount === rest ? planRest(state, request) : planApi(state, request)),
  answer(state, request, plan, result) {
    if (request.mount === rest) return answerRest(plan as RestPlan, request, result);
    if (request.mount === batch) return answerBatch(plan as BatchPlan, result);
    const own = plan as ApiPlan;
    if (own.paging !== undefined) return answerCursorList(own.paging, request, result, state.context);
    if (own.purpose !== 'endpoints' && own.purpose !== 'openapi') return answerPlan(own, result);
    const schema = state.schemas.get(request.project);
    if (schema === undefined) throw unknownProject(request.project);
    return answerOverview(schema, own.purpose, readPrivileges(result.body), request.headers);
  },
  explain(state, request, plan, error) {
    if (request.mount === rest) return explainRest(request, plan as RestPlan, error);
    const refused = explainPreRequest(request, error);
    if (refused !== undefined) return refused;
    const schema = state.schemas.get(request.project);
    return request.mount === batch
      ? explainBatch(schema, request, plan as BatchPlan, error)
      : explainError(schema, request, plan as ApiPlan, error);
  },
  refuse: (state, request, error) =>
    request.mount === rest
      ? refuseRest(state.schemas.data(request.project)?.settings, request, error)
      : undefined,
  preflight(state, { mount, project, method, headers }) {
    if (mount !== rest) return undefined;
    const answer = (): GatewayAnswer | undefined => {
      const schema = state.schemas.data(project);
      return schema && answerPreflight(schema.settings.serverCorsAllowedOrigins, method, headers);
    };
    // Browsers ask before anybody could wake the project, and show what is refused as an error of the page.
    const waking = state.schemas.data(project) === undefined ? state.freshener.freshen(project) : undefined;
    return waking === undefined ? answer() : waking.then(answer);
  },
});

type RestPlanned = ReturnType<typeof planRestRequest>;
type ApiPlanned = ReturnType<typeof planRequest>;

/** Codes of names that were not found: relationship, function, column, table, schema. */
const unknownNames: ReadonlySet<string> = new Set([
  ...['PGRST200', 'PGRST202', 'PGRST204', 'PGRST205'],
  'PGRST106',
]);

function planRest(state: GatewayState, request: GatewayRequest): RestPlanned | Promise<RestPlanned> {
  const schema = state.schemas.data(request.project);
  if (schema === undefined) return activateAndPlanRest(state, request);
  const planned = planRemembered(schema, request);
  const lists = request.mountedPath === '/';
  const unknown = !('sql' in planned) && planned.failed !== undefined && unknownNames.has(planned.failed);
  if (!lists && !unknown) return planned;
  const news = state.freshener.freshen(request.project);
  return news === undefined ? planned : planRestAgain(state, request, schema, news, planned);
}

async function activateAndPlanRest(state: GatewayState, request: GatewayRequest): Promise<RestPlanned> {
  await state.context.activate(request.project);
  const schema = state.schemas.data(request.project);
  if (schema === undefined) throw unknownProject(request.project);
  return planRemembered(schema, request);
}

async function planRestAgain(
  state: GatewayState,
  request: GatewayRequest,
  before: DataSchema,
  news: Promise<void>,
  planned: RestPlanned,
): Promise<RestPlanned> {
  await news;
  const schema = state.schemas.data(request.project);
  return schema === undefined || schema === before ? planned : planRemembered(schema, request);
}

function planApi(state: GatewayState, request: GatewayRequest): ApiPlanned | Promise<ApiPlanned> {
  const schema = state.schemas.get(request.project);
  if (schema === undefined) return activateAndPlan(state, request);
  if (isOverview(request)) {
    const news = state.freshener.freshen(request.project);
    if (news !== undefined || isDocument(request)) return planOverviewAfter(state, request, schema, news);
  }
  try {
    return planOwn(state, schema, request);
  } catch (error) {
    const news = isUnknownName(error) ? state.freshener.freshen(request.project) : undefined;
    if (news === undefined) throw error;
    return planAgain(state, request, schema, news, error);
  }
}

async function planOverviewAfter(
  state: GatewayState,
  request: GatewayRequest,
  before: ProjectSchema,
  news: Promise<void> | undefined,
): Promise<ApiPlanned> {
  await news;
  const schema = state.schemas.get(request.project) ?? before;
  if (isDocument(request)) await prepareOpenapi(schema);
  return planOwn(state, schema, request);
}

function planOwn(state: GatewayState, schema: ProjectSchema, request: GatewayRequest): ApiPlanned {
  const settings = state.schemas.settings(request.project);
  const costs = settings === undefined ? request.limits : requestLimits(settings, request);
  const limits = narrowLimits(state.limits, costs);
  // Several operations have no path of their own, and "/" is that of the list of endpoints.
  const path = request.mount === batch ? batch : request.mountedPath;
  const facts = {
    data: () => state.schemas.data(request.project),
    verify: state.context.verify,
  };
  if (request.mount === batch) {
    const planned = { ...planBatch(schema, request, limits, facts), limits: costs };
    return withPreRequest(planned, settings, request, path);
  }
  const planned = planRequest(schema, request, limits, facts);
  if (!('sql' in planned)) return planned;
  // What the host holds the statement to; the list of endpoints costs what it costs.
  const limited =
    !limitsStatement(costs) || planned.action === undefined ? planned : { ...planned, limits: costs };
  return withPreRequest(limited, settings, request, path);
}

/** Rows and depth are looked at while planning. */
function limitsStatement(costs: CostLimits | undefined): costs is CostLimits {
  return (costs?.cost ?? costs?.bytes ?? costs?.timeMs) !== undefined;
}

/** A project that was asleep: its owner side loads the catalogue and pushes it to every CPU thread. */
async function activateAndPlan(state: GatewayState, request: GatewayRequest): Promise<ApiPlanned> {
  await state.context.activate(request.project);
  const schema = state.schemas.get(request.project);
  if (schema === undefined) throw unknownProject(request.project);
  if (isDocument(request)) await prepareOpenapi(schema);
  return planOwn(state, schema, request);
}

/** A name was not found; it may be a table or column that was made a moment ago. */
async function planAgain(
  state: GatewayState,
  request: GatewayRequest,
  before: ProjectSchema,
  news: Promise<void>,
  error: unknown,
): Promise<ApiPlanned> {
  await news;
  const schema = state.schemas.get(request.project);
  if (schema === undefined || schema === before) throw error;
  return planOwn(state, schema, request);
}

/** GET /api and the OpenAPI document: what they list has to be complete. */
function isOverview(request: GatewayRequest): boolean {
  const { mountedPath, mount } = request;
  return mount !== batch && (mountedPath === '' || mountedPath === '/' || isDocument(request));
}

function isDocument({ mountedPath, mount }: GatewayRequest): boolean {
  return mount !== batch && mountedPath === '/openapi.json';
}

function isUnknownName(error: unknown): boolean {
  if (!(error instanceof ExtensionError)) return false;
  return (
    error.code === 'MF401' ||
    error.code === 'MF408' ||
    (error.details?.['column'] !== undefined && error.code !== 'MF422')
  );
}

function unknownProject(project: string): ExtensionError {
  return new ExtensionError('MF508', `There is no project "${project}".`, {
    fix: 'magflock project list shows the projects.',
  });
}
