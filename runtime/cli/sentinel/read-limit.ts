import { MagFlockError } from '../../errors/magflock-error.ts';

/**
 * A count that a flag was given.
 * @throws MagFlockError MF802 when it is not a whole number from `least` to 10,000
 */
export function readLimit(text: string | undefined, otherwise: number, least = 1): number {
  if (text === undefined) return otherwise;
  const count = Number(text);
  if (/^\d+$/.test(text) && count >= least && count <= 10_000) return count;
  throw new MagFlockError('MF802', `--limit takes ${least} to 10000, got "${text}"`, { fix: '--limit 100' });
}
