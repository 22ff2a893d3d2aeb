import type { Plan } from '../../../../../runtime/protocol/plan.protocol.ts';
import type { OnceKey } from './once-key.ts';

/** Reads a kept answer. It runs as the caller does, behind the same pre-request function. */
export function keptAnswerPlan(plan: Plan, { key, request }: OnceKey): Plan {
  return {
    access: 'read',
    operation: 'select',
    table: { schema: 'mg_sys', name: 'idempotency' },
    sql: 'select mg_sys.kept_answer($1::bytea, $2::bytea) as body, 1::bigint as rows',
    parameters: [key, request],
    parameterColumns: [null, null],
    shape: 'mg_sys.kept_answer',
    schemaVersion: plan.schemaVersion,
    answer: plan.answer,
    settings: plan.settings,
    before: plan.before,
  };
}
