import type { DataSchema } from '../../../schema-cache/data-schema.ts';
import type { ActionPlan } from '../action-plan.ts';
import { maxAffectedSingle } from '../errors/max-affected-single.ts';
import type { RestRequest } from '../rest-request.ts';
import { checkPreferences } from './check-preferences.ts';
import { findRoutine } from './find-routine.ts';
import { findTable } from './find-table.ts';
import { hasDefaultSelect } from './has-default-select.ts';
import { negotiate } from './negotiate.ts';
import { planCall } from './plan-call.ts';
import { planRead } from './plan-read.ts';
import { planWrite } from './plan-write.ts';

/**
 * Looks a request up in the schema. Only reads, writes and calls are planned; what describes the API is answered
 * without a plan.
 * @throws PGRST105, 107, 108, 118, 122, 123, 127, 128 and 200 to 205, in the order in which PostgREST finds them
 */
export function planAction(schema: DataSchema, request: RestRequest): ActionPlan {
  const { action } = request;
  switch (action.kind) {
    case 'read': {
      findTable(schema, action.table);
      const read = planRead(schema, action.table, request);
      const negotiated = negotiate(schema, request, action.table, hasDefaultSelect(read));
      checkPreferences(request.preferences);
      return { kind: 'read', read, handler: negotiated.handler, media: negotiated.media };
    }
    case 'mutate': {
      const table = findTable(schema, action.table);
      const read = planRead(schema, action.table, request);
      const mutate = planWrite(schema, table, action.mutation, request, read);
      checkPreferences(request.preferences);
      const negotiated = negotiate(schema, request, action.table, hasDefaultSelect(read));
      return { kind: 'mutate', read, mutate, handler: negotiated.handler, media: negotiated.media };
    }
    case 'call':
      return planRoutine(schema, request, action);
    default:
      throw new TypeError(`A request of kind ${action.kind} has no plan.`);
  }
}

type CallAction = Extract<RestRequest['action'], { kind: 'call' }>;

function planRoutine(schema: DataSchema, request: RestRequest, action: CallAction): ActionPlan {
  const isPost = action.method === 'POST';
  const names = isPost ? request.columns : new Set(request.query.parameters.map(([name]) => name));
  const routine = findRoutine(schema, action.routine, names, isPost ? request.contentType : undefined);
  const { returns } = routine;
  // Rows of a table's type embed what the table does.
  const name = returns.kind === 'composite' ? returns.type.name : routine.name;
  const relation = { schema: routine.schema, name };
  const read = planRead(schema, relation, request);
  const call = planCall(routine, names, request, read);
  const { handler, media } = negotiate(schema, request, relation, hasDefaultSelect(read));
  checkPreferences(request.preferences);
  const { maxAffected, handling } = request.preferences;
  if (maxAffected !== undefined && handling === 'strict' && !returns.setOf) throw maxAffectedSingle();
  return { kind: 'call', read, call, handler, media, readOnly: !isPost || routine.volatility !== 'volatile' };
}
