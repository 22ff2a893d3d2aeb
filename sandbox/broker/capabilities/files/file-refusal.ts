import { MagFlockError } from '../../../../runtime/errors/magflock-error.ts';

/** Which rule of `files` said no. */
export type FileRule = 'path' | 'link' | 'special' | 'outside' | 'size' | 'count' | 'folder' | 'content';

/** MF673 that names the rule; never a path of the host. */
export function fileRefusal(rule: FileRule, message: string): MagFlockError {
  return new MagFlockError('MF673', message, { details: { rule } });
}
