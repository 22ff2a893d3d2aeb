import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

const pattern = /^[a-z0-9]{1,40}$/;

/**
 * Checks a project's ref. Names of databases and roles are made from it, so nothing else gets that far.
 * @throws MF508 for what cannot be a ref
 */
export function projectRef(ref: string): string {
  if (typeof ref === 'string' && pattern.test(ref)) return ref;
  throw new MagFlockError('MF508', `"${String(ref).slice(0, 60)}" is not a project ref.`, {
    fix: 'A ref has 1 to 40 lower-case letters and digits.',
  });
}
