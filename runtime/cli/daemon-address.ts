import { readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { daemonFacts } from '../bios/daemon-facts.ts';
import { dataPaths } from '../bios/data-paths.ts';
import { MagFlockError } from '../errors/magflock-error.ts';
import { processIsAlive } from './process-is-alive.ts';

/** Where a daemon of a data folder is to be reached, and with what. */
export interface DaemonAddress {
  readonly dataDir: string;
  readonly socket: string;
  readonly token: string;
  readonly pid: number | undefined;
}

/**
 * Reads the facts a running daemon leaves in its data folder.
 * @param dataDir the data folder, absolute or relative to the working folder
 * @throws MagFlockError MF803 when no daemon was started there, MF804 when its token may not be read
 */
export function daemonAddress(dataDir: string): DaemonAddress {
  const folder = resolve(dataDir);
  const paths = dataPaths(folder);
  let token: string;
  try {
    token = readFileSync(paths.token, 'utf8').trim();
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EACCES') throw daemonNotRunning(folder, thrown);
    throw new MagFlockError('MF804', 'the control token may not be read by this user', {
      details: { where: paths.token },
      fix: 'run the command as the user who started the daemon',
      cause: thrown,
    });
  }
  const facts = daemonFacts.read(paths.daemon);
  return { dataDir: folder, token, socket: facts?.socket ?? paths.socket, pid: facts?.pid };
}

/** The error that every command shows when nobody answers. */
export function daemonNotRunning(folder: string, cause?: unknown): MagFlockError {
  const facts = daemonFacts.read(dataPaths(folder).daemon);
  if (facts !== undefined && processIsAlive(facts.pid)) {
    return new MagFlockError('MF803', `the daemon does not answer yet, or no longer (process ${facts.pid})`, {
      details: { where: folder },
      fix: `it is starting or stopping: try again in a moment; kill ${facts.pid} ends one that is stuck`,
    });
  }
  const flag = folder === resolve('.magflock') ? '' : ` --data ${folder}`;
  const above = flag === '' ? daemonAbove() : undefined;
  return new MagFlockError('MF803', 'no daemon is running in this data folder', {
    details: { where: folder },
    fix:
      above === undefined
        ? `magflock start${flag}    or name the folder of the running one with --data`
        : `one runs further up: add --data ${above}`,
    ...(cause instanceof MagFlockError ? { cause } : {}),
  });
}

/** A data folder with a running daemon in a folder above the working one. Only named: it may be somebody else's. */
function daemonAbove(): string | undefined {
  for (let folder = resolve('..'), below = resolve('.'); folder !== below; ) {
    const data = join(folder, '.magflock');
    const facts = daemonFacts.read(dataPaths(data).daemon);
    if (facts !== undefined && processIsAlive(facts.pid)) return relative(process.cwd(), data);
    below = folder;
    folder = dirname(folder);
  }
  return undefined;
}
