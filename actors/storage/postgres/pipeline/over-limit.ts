import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';

const fixes = {
  cost: 'Ask for less: a filter on an indexed column, fewer embedded tables, or a smaller limit.',
  bytes: 'Ask for fewer rows (limit) or fewer columns (select).',
};

/**
 * A plan that goes beyond a limit of its caller.
 * @param value what it would take
 * @param committed a write whose answer was too long: the write itself is done
 */
export function overLimit(
  limit: 'cost' | 'bytes',
  value: number,
  allowed: number,
  committed = false,
): MagFlockError {
  const message =
    limit === 'cost'
      ? `The statement would cost ${value} by PostgreSQL's estimate; ${allowed} is allowed.`
      : `The answer is ${value} bytes long; ${allowed} are allowed.${committed ? ' The write was done.' : ''}`;
  return new MagFlockError('MF426', message, {
    fix: fixes[limit],
    details: { limit, value, allowed, ...(committed ? { committed } : {}) },
  });
}
