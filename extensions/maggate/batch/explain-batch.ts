import { type DatabaseErrorFacts, ExtensionError, type GatewayRequest } from '../../sdk/index.ts';
import { explainError } from '../dialects/api/explain/explain-error.ts';
import type { ProjectSchema } from '../schema-cache/project-schema.ts';
import type { BatchPlan, PlannedStep } from './batch-plan.ts';
import { ofStep } from './of-step.ts';
import { batchRefusals } from './reference-sql.ts';

/** What PostgreSQL said about an operation, as it would be told of a request of its own, with `step` and `id`. */
export function explainBatch(
  schema: ProjectSchema | undefined,
  request: GatewayRequest,
  plan: BatchPlan,
  facts: DatabaseErrorFacts,
): ExtensionError {
  const { batch } = plan;
  const step = facts.step === undefined ? undefined : batch[facts.step];
  if (step !== undefined) {
    const error =
      ownRefusal(step, facts) ??
      unfitConflict(step, facts) ??
      explainError(schema, request, step.plan, facts);
    return ofStep(error, step.operation);
  }
  // Looked at when all was done: which operation it was is not known, the table is.
  const near = batch.find((one) => one.plan.table.name === facts.table && one.plan.access === 'write');
  return explainError(schema, request, near?.plan ?? plan, facts);
}

/** What the statement refused by itself. Code of the project may raise these codes too: it does not choose the text. */
function ownRefusal(
  { operation, references }: PlannedStep,
  { sqlstate, message }: DatabaseErrorFacts,
): ExtensionError | undefined {
  if (!/^\d{1,18}$/.test(message)) return undefined;
  if (sqlstate === batchRefusals.unexpected && operation.expect !== undefined) {
    return new ExtensionError('MF435', `It was to be ${operation.expect} rows, and there were ${message}.`, {
      fix: 'Nothing of the batch was done. Check its conditions; row security may hide rows from this key.',
      details: { expected: operation.expect, rows: Number(message) },
    });
  }
  const reference = sqlstate === batchRefusals.noRow ? references[Number(message)] : undefined;
  if (reference === undefined) return undefined;
  return new ExtensionError(
    'MF434',
    `The reference "${reference.text}" found nothing: there is no such row.`,
    {
      fix: 'Nothing of the batch was done. "expect": 1 in the operation that it refers to says so earlier.',
      details: { reference: reference.text },
    },
  );
}

/** invalid_column_reference and cardinality_violation of an upsert. */
function unfitConflict(
  { operation, plan }: PlannedStep,
  { sqlstate }: DatabaseErrorFacts,
): ExtensionError | undefined {
  if (operation.op !== 'upsert') return undefined;
  if (sqlstate === '42P10') {
    return new ExtensionError(
      'MF423',
      `No unique constraint of "${plan.table.name}" has just these columns.`,
      {
        fix: 'Name in "onConflict" the columns of a unique constraint.',
        details: { table: plan.table.name },
      },
    );
  }
  if (sqlstate !== '21000') return undefined;
  return new ExtensionError('MF409', 'Two rows of "data" are the same row.', {
    details: { table: plan.table.name },
  });
}
