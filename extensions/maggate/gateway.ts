import { defineGateway, ExtensionError, type GatewayContext } from '../sdk/index.ts';
import { answerOverview } from './dialects/api/answer-overview.ts';
import { answerPlan } from './dialects/api/answer-plan.ts';
import type { ApiLimits } from './dialects/api/api-limits.ts';
import type { ApiPlan } from './dialects/api/api-plan.ts';
import { explainError } from './dialects/api/explain/explain-error.ts';
import { planRequest } from './dialects/api/plan-request.ts';
import { readPrivileges } from './dialects/api/privileges.ts';
import { readLimits } from './dialects/api/read-limits.ts';
import type { ProjectSchema } from './schema-cache/project-schema.ts';
import { type SchemaDelta, type SchemaSnapshot, SchemaStore } from './schema-cache/schema-store.ts';

interface GatewayState {
  readonly context: GatewayContext;
  readonly schemas: SchemaStore;
  readonly limits: ApiLimits;
}

/** MagGate in a CPU thread: requests become plans, results become answers. */
export const gateway = defineGateway<GatewayState, SchemaSnapshot, SchemaDelta>({
  mounts: ['/api'],
  dialect: 'problem',
  init: (context) => ({ context, schemas: new SchemaStore(), limits: readLimits(context.config) }),
  applySnapshot: (state, snapshot) => state.schemas.applySnapshot(snapshot),
  applyDelta: (state, delta) => state.schemas.applyDelta(delta),
  plan(state, request) {
    const schema = state.schemas.get(request.project);
    if (schema !== undefined) return planRequest(schema, request, state.limits);
    return activate(state, request.project).then((activated) =>
      planRequest(activated, request, state.limits),
    );
  },
  answer(state, request, plan, result) {
    const own = plan as ApiPlan;
    if (own.purpose !== 'endpoints' && own.purpose !== 'openapi') return answerPlan(own, result);
    const schema = state.schemas.get(request.project);
    if (schema === undefined) throw unknownProject(request.project);
    return answerOverview(schema, own.purpose, readPrivileges(result.body));
  },
  explain: (state, request, plan, error) =>
    explainError(state.schemas.get(request.project), request, plan as ApiPlan, error),
});

/** A project that was asleep: its owner side loads the catalogue and pushes it to every CPU thread. */
async function activate(state: GatewayState, project: string): Promise<ProjectSchema> {
  await state.context.activate(project);
  const schema = state.schemas.get(project);
  if (schema === undefined) throw unknownProject(project);
  return schema;
}

function unknownProject(project: string): ExtensionError {
  return new ExtensionError('MF508', `There is no project "${project}".`, {
    fix: 'magflock project list shows the projects.',
  });
}
