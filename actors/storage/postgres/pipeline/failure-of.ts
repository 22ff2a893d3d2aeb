import { DatabaseFailure } from '../../../../runtime/errors/database-failure.ts';
import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';
import { mapError } from '../map-error.ts';
import type { LaneTransaction } from './lane-transaction.ts';
import { overTime } from './over-time.ts';

/** Why a transaction failed; where its plan has several statements, with the one that it was. */
export function failureOf(transaction: LaneTransaction): MagFlockError | DatabaseFailure {
  const error = overTime(transaction) ?? mapError(transaction.failure);
  const { plan, stepOfPlan: step } = transaction;
  if (transaction.isBefore && error instanceof DatabaseFailure) {
    return new DatabaseFailure({ ...error.facts, before: true });
  }
  if (plan.steps === undefined || step === undefined) return error;
  if (error instanceof DatabaseFailure) return new DatabaseFailure({ ...error.facts, step });
  const id = step === 0 ? plan.name : plan.steps[step - 1]?.name;
  const { code, message, fix, retryable } = error;
  return new MagFlockError(code, message, { fix, retryable, details: { ...error.details, step, id } });
}
