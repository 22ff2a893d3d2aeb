import { directArguments } from '../../../plan/call/direct-arguments.ts';
import { filterFields } from '../../../plan/call/filter-fields.ts';
import type { ArgumentValue, CallPlan } from '../../../plan/call-plan.ts';
import type { ReadNode } from '../../../plan/read-plan.ts';
import { returningColumns } from '../../../plan/returning-columns.ts';
import type { Routine } from '../../../schema-cache/data-schema.ts';
import type { RestRequest } from '../rest-request.ts';
import { payloadBody } from './payload-body.ts';

/**
 * Plans the call of a routine that was found.
 * @param names arguments given
 */
export function planCall(
  routine: Routine,
  names: ReadonlySet<string>,
  request: RestRequest,
  read: ReadNode,
): CallPlan {
  const [first] = routine.parameters;
  const isUnnamed = routine.parameters.length === 1 && first!.name === '';
  return {
    routine,
    parameters: isUnnamed
      ? { kind: 'unnamed', parameter: first! }
      : { kind: 'named', parameters: routine.parameters.filter(({ name }) => names.has(name)) },
    args: argumentsOf(routine, request),
    filterFields: filterFields(read),
    returning: returningColumns(read, []),
  };
}

function argumentsOf(routine: Routine, { action, payload, query }: RestRequest): CallPlan['args'] {
  if (action.kind === 'call' && action.method !== 'POST') {
    return { kind: 'direct', values: directArguments(routine, query.parameters) };
  }
  if (payload?.kind !== 'form') return { kind: 'body', text: payloadBody(payload).body };
  const values: ReadonlyMap<string, ArgumentValue> = directArguments(routine, payload.pairs);
  return { kind: 'direct', values };
}
