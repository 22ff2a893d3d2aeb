import { chmodSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { MagFlockError } from '../errors/magflock-error.ts';
import { daemonFacts } from './daemon-facts.ts';
import { dataPaths } from './data-paths.ts';

export interface DataFolderLock {
  release(): void;
}

/**
 * Takes the data folder for this process alone, for as long as it lives.
 *
 * An open exclusive transaction of SQLite is an advisory lock (fcntl) on the file: the kernel frees it when the
 * process ends, however it ends, so nothing stale can be left behind. The file must not be opened a second time
 * in this process: closing any descriptor of a file drops all fcntl locks the process has on it.
 * @throws MagFlockError MF701 naming the holder
 */
export function lockDataFolder(dataDir: string): DataFolderLock {
  const paths = dataPaths(dataDir);
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(paths.lock, { timeout: 0 });
    // Rollback journal, not WAL: WAL admits readers beside an exclusive transaction.
    database.exec('PRAGMA journal_mode = DELETE; BEGIN EXCLUSIVE');
    chmodSync(paths.lock, 0o600);
  } catch (thrown) {
    database?.close();
    if (isBusy(thrown)) throw inUse(dataDir);
    const why = thrown instanceof Error ? thrown.message : String(thrown);
    throw new MagFlockError('MF705', `the lock file ${paths.lock} cannot be used: ${why}`, {
      fix: 'if it is damaged, remove it while no daemon runs',
      cause: thrown,
    });
  }
  const held = database;
  return {
    release() {
      if (held.isOpen) held.close();
    },
  };
}

function inUse(dataDir: string): MagFlockError {
  const facts = daemonFacts.read(dataPaths(dataDir).daemon);
  const holder =
    facts === undefined
      ? 'another daemon that is just starting or stopping'
      : `pid ${facts.pid}${facts.url === null ? ', which is starting' : ` at ${facts.url}`}`;
  return new MagFlockError('MF701', `the data folder ${dataDir} is in use by ${holder}`, {
    fix: 'magflock status shows it, magflock stop ends it; or choose another folder with --data',
    details: facts === undefined ? {} : { pid: facts.pid, url: facts.url },
  });
}

/** SQLITE_BUSY (5), also in its extended forms (low byte). */
function isBusy(thrown: unknown): boolean {
  const code = (thrown as { errcode?: unknown }).errcode;
  return typeof code === 'number' && (code & 0xff) === 5;
}
