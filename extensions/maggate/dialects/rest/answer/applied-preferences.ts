import type { ActionPlan } from '../action-plan.ts';
import type { RestRequest } from '../rest-request.ts';

/**
 * `Preference-Applied` (RFC 7240 §3): those of the request's preferences that mean something for what it did, in the
 * order of the dialect. Undefined when there is none.
 */
export function appliedPreferences(planned: ActionPlan, request: RestRequest): string | undefined {
  const { preferences } = request;
  const mutation = request.action.kind === 'mutate' ? request.action.mutation : undefined;
  const limited = mutation === 'update' || mutation === 'delete' || planned.kind === 'call';
  const applied: readonly (readonly [name: string, value: string | number | undefined])[] = [
    ['resolution', hasConflictTarget(planned, request) ? preferences.resolution : undefined],
    ['missing', mutation === 'create' || mutation === 'update' ? preferences.missing : undefined],
    ['return', mutation === undefined ? undefined : preferences.return],
    ['count', preferences.count],
    ['tx', preferences.transaction],
    ['handling', preferences.handling],
    ['timezone', preferences.timezone],
    ['max-affected', limited && preferences.handling === 'strict' ? preferences.maxAffected : undefined],
  ];
  const texts = applied.flatMap(([name, value]) => (value === undefined ? [] : [`${name}=${value}`]));
  return texts.length === 0 ? undefined : texts.join(', ');
}

/** Rows can only meet others where there is a key or the caller named columns. */
function hasConflictTarget(planned: ActionPlan, { action, query }: RestRequest): boolean {
  if (action.kind !== 'mutate' || action.mutation !== 'create') return false;
  if (planned.kind !== 'mutate' || planned.mutate.kind !== 'insert') return false;
  return planned.mutate.primaryKey.length > 0 || query.onConflict !== undefined;
}
