import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';

/**
 * A regular file, no link, into memory. Size is judged on what was opened and again on what was read.
 * @param max bytes
 * @throws MF666 (or `code`) when it is something else, too large, or cannot be read
 */
export function readBoundedFile(
  path: string,
  max: number,
  code: 'MF620' | 'MF666' | 'MF667' = 'MF666',
): Buffer {
  let descriptor: number;
  try {
    descriptor = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
  } catch (cause) {
    const why = (cause as NodeJS.ErrnoException).code;
    const reason = why === 'ELOOP' ? 'it is a link' : why === 'ENOENT' ? 'there is no such file' : why;
    throw new MagFlockError(code, `${path} cannot be read: ${reason}.`, {
      ...(why === 'ENOENT' ? { fix: 'check the path' } : {}),
      cause,
    });
  }
  try {
    const facts = fstatSync(descriptor);
    if (!facts.isFile()) {
      const folder = facts.isDirectory() && code === 'MF666';
      throw new MagFlockError(code, `${path} is not a file.`, {
        ...(folder ? { fix: 'magflock ext pack makes a package of the folder of an extension' } : {}),
      });
    }
    if (facts.size > max) {
      throw new MagFlockError(code, `${path} has ${facts.size} bytes; at most ${max} are allowed.`);
    }
    const bytes = Buffer.alloc(facts.size);
    let length = 0;
    while (length < bytes.length) {
      const read = readSync(descriptor, bytes, length, bytes.length - length, null);
      if (read === 0) break;
      length += read;
    }
    return bytes.subarray(0, length);
  } finally {
    closeSync(descriptor);
  }
}
