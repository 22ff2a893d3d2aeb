import { ExtensionError } from '../../sdk/index.ts';
import type { BatchOperation } from './batch-operation.ts';
import { ofStep } from './of-step.ts';

/** Runs what reads or plans an operation; its errors name the operation. */
export function inStep<Result>(place: Pick<BatchOperation, 'step' | 'name'>, run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    throw error instanceof ExtensionError ? ofStep(error, place) : error;
  }
}
