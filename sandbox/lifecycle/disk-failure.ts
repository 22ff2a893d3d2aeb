import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota of its user is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EIO: 'the disk does not work',
};

/** What the disk refused as MF705, which says so to the operator; everything else as it is. */
export function diskFailure(thrown: unknown): unknown {
  if (MagFlockError.is(thrown)) return thrown;
  const { code = '' } = (thrown ?? {}) as NodeJS.ErrnoException;
  const reason = reasons[code];
  if (reason === undefined) return thrown;
  return new MagFlockError('MF705', `The folder of the extensions cannot be written: ${reason}.`, {
    fix: 'make room on the disk of the data folder, or change its owner, and try again',
    cause: thrown,
  });
}
