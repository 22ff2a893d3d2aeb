import { existsSync } from 'node:fs';
import { MagFlockError } from '../../runtime/errors/magflock-error.ts';
import { firstMisfit, type Shape } from './first-misfit.ts';
import { parseStrictJson } from './parse-strict-json.ts';
import { readBoundedFile } from './read-bounded-file.ts';

const max = 64 * 1024 * 1024;

/**
 * A file of the machine's own, against its shape.
 * @returns undefined when there is none
 * @throws MF705 when it is damaged: what it said about trust must not be guessed
 */
export function readCheckedJson(file: string, shape: Shape): unknown {
  if (!existsSync(file)) {
    if (existsSync(`${file}.bak`)) throw damaged(file, 'it is gone, but its backup is there');
    return undefined;
  }
  let value: unknown;
  try {
    value = parseStrictJson(new TextDecoder('utf-8', { fatal: true }).decode(readBoundedFile(file, max)));
  } catch (cause) {
    throw damaged(file, (cause as Error).message, cause);
  }
  const misfit = firstMisfit(shape, value);
  if (misfit !== undefined) throw damaged(file, `${misfit.field || 'the whole'} ${misfit.problem}`);
  return value;
}

function damaged(file: string, why: string, cause?: unknown): MagFlockError {
  const backup = existsSync(`${file}.bak`)
    ? `stop the daemon, look at ${file}.bak (the state one change earlier) and copy it to ${file}`
    : `stop the daemon and restore ${file} from your backup`;
  return new MagFlockError('MF705', `${file} is damaged: ${why}.`, {
    fix: backup,
    ...(cause === undefined ? {} : { cause }),
  });
}
