import assert from 'node:assert/strict';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/** A check for `assert.rejects`: this code, and these details among those it has. */
export function refusedWith(code: string, details: Readonly<Record<string, unknown>> = {}) {
  return (error: unknown): true => {
    if (!MagFlockError.is(error)) throw error;
    assert.equal(error.code, code, error.message);
    assert.deepEqual({ ...error.details, ...details }, error.details ?? {}, error.message);
    return true;
  };
}
