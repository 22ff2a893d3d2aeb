import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { UnjudgedReason } from './desk-counts.ts';

/** Why an ask of the patrol failed, in the words of the counts. */
export function reasonOfFailure(error: unknown): UnjudgedReason {
  const { code } = MagFlockError.from(error);
  if (code === 'MF602' || code === 'MF606') return 'timeout';
  if (code === 'MF603' || code === 'MF650') return 'queue';
  return code === 'MF314' || code === 'MF315' ? 'model' : 'worker';
}
