import { ExtensionError } from '../../sdk/index.ts';
import type { BatchOperation } from './batch-operation.ts';

/** The same error, told of an operation of a batch: `step` and `id` are in its details. */
export function ofStep(
  error: ExtensionError,
  { step, name }: Pick<BatchOperation, 'step' | 'name'>,
): ExtensionError {
  const called = name === String(step) ? `Operation ${step}` : `Operation ${step} ("${name}")`;
  return new ExtensionError(error.code, `${called}: ${error.message}`, {
    fix: error.fix,
    details: { ...error.details, step, id: name },
  });
}
