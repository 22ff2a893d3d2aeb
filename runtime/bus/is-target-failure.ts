import { MagFlockError } from '../errors/magflock-error.ts';

/** What the target is to blame for: only that opens its circuit. A refusal of the caller's input does not. */
export function isTargetFailure(error: unknown): boolean {
  if (!MagFlockError.is(error)) return true;
  return error.definition.blame === 'system' && error.code !== 'MF604' && error.code !== 'MF605';
}
