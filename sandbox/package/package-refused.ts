import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

/** MF666 of a package that is not one. */
export function packageRefused(problem: string, cause?: unknown): MagFlockError {
  return new MagFlockError('MF666', `The package is refused: ${problem}.`, {
    fix: 'get the package from its publisher again; an author makes one with magflock ext pack',
    ...(cause === undefined ? {} : { cause }),
  });
}
