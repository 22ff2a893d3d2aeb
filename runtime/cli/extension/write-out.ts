import { MagFlockError } from '../../errors/magflock-error.ts';

/**
 * Runs what writes a file that the user named.
 * @param file absolute path, for the error
 * @throws MF805 when the system does not let it be written
 */
export function writeOut(file: string, write: () => void): void {
  try {
    write();
  } catch (thrown) {
    throw new MagFlockError('MF805', 'the file cannot be written', {
      details: { where: file },
      fix: 'check that its folder exists and may be written to',
      cause: thrown,
    });
  }
}
