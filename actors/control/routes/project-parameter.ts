import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/**
 * The ref of a project in a path.
 * @throws MagFlockError MF100 when it cannot be one
 */
export function projectParameter(ref: string | undefined): string {
  if (ref !== undefined && /^[a-z0-9]{1,40}$/.test(ref)) return ref;
  throw new MagFlockError('MF100', `"${ref ?? ''}" cannot be the ref of a project`, {
    fix: '1 to 40 lower-case letters and digits',
  });
}
