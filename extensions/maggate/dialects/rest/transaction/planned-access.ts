import type { Plan } from '../../../../sdk/index.ts';
import { embeddedTables } from '../../../plan/embed/embedded-tables.ts';
import type { ActionPlan } from '../action-plan.ts';
import type { RestRequest } from '../rest-request.ts';

/**
 * What a plan does to what, for the scopes of keys and for hooks. A call has the name of its function for a table, and
 * no hook sees it.
 */
export function plannedAccess(
  planned: ActionPlan,
  request: RestRequest,
): Pick<Plan, 'access' | 'operation' | 'table' | 'action' | 'further'> {
  return { ...ownAccess(planned, request), further: furtherAccess(planned, request) };
}

function ownAccess(
  planned: ActionPlan,
  { action }: RestRequest,
): Pick<Plan, 'access' | 'operation' | 'table' | 'action'> {
  switch (planned.kind) {
    case 'read':
      return { access: 'read', operation: 'select', table: planned.read.from, action: 'list' };
    case 'call': {
      const { schema, name } = planned.call.routine;
      return planned.readOnly
        ? { access: 'read', operation: 'select', table: { schema, name } }
        : { access: 'write', operation: 'insert', table: { schema, name } };
    }
    case 'mutate': {
      const { kind, into } = planned.mutate;
      const isPut = action.kind === 'mutate' && action.mutation === 'single-upsert';
      const done = kind === 'insert' ? (isPut ? 'replace' : 'create') : kind;
      return { access: 'write', operation: kind, table: into, action: done };
    }
  }
}

/**
 * Reads of embedded tables, which no hook sees, and what an upsert may do besides: it updates, and a PUT may create. Hooks
 * that wait for these are not passed by.
 */
function furtherAccess(planned: ActionPlan, { action }: RestRequest): Plan['further'] {
  const further: NonNullable<Plan['further']>[number][] = embeddedTables(planned.read).map((table) => ({
    operation: 'select',
    table,
  }));
  if (planned.kind === 'mutate' && planned.mutate.kind === 'insert') {
    const isPut = action.kind === 'mutate' && action.mutation === 'single-upsert';
    const updates = isPut || planned.mutate.onConflict?.resolution === 'merge-duplicates';
    const table = planned.mutate.into;
    if (updates) further.push({ operation: 'update', table, action: 'update' });
    if (isPut) further.push({ operation: 'insert', table, action: 'create' });
  }
  return further.length === 0 ? undefined : further;
}
