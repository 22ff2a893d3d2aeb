import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { mayUse } from './may-use.ts';
import type { ServerAccount } from './server-account.ts';

/** Where the cluster lives. */
export interface DataPlace {
  /** PGDATA. */
  readonly data: string;
  /** Folder of the unix socket. */
  readonly run: string;
  /** PostgreSQL's own log. */
  readonly log: string;
  readonly notes: readonly string[];
}

/** `sun_path` of Linux holds 107 bytes and a zero; macOS 103. */
const longestSocketPath = process.platform === 'darwin' ? 103 : 107;
const socketName = '/.s.PGSQL.65535';

/**
 * Decides and makes the folders: `<dataDir>/postgres/{data,run}`, owned by the account. When the account cannot
 * enter that path they go under /var/lib/magflock, in a folder named after the path; a path too long for a
 * socket gets a short one for that.
 * @param dataDir absolute
 */
export function placeData(dataDir: string, account: ServerAccount | undefined): DataPlace {
  const notes: string[] = [];
  mkdirSync(dataDir, { recursive: true, mode: 0o711 });
  let home = join(dataDir, 'postgres');
  makeOwn(home, account);
  if (account !== undefined && !mayUse(home, '-w', account)) {
    home = elsewhere(dataDir, account);
    notes.push(`${account.name} cannot enter ${dataDir}: the data is in ${home}`);
  }
  if (!mayUse(home, '-w', account)) {
    throw new MagFlockError('MF705', `PostgreSQL cannot write ${home}.`, {
      fix: 'Choose another folder with --data, or give this one to the user who starts MagFlock.',
    });
  }
  let run = join(home, 'run');
  if (Buffer.byteLength(run + socketName) > longestSocketPath) {
    run = shortRunFolder(dataDir, account);
    notes.push(`the path of the data folder is too long for a socket: PostgreSQL's is in ${run}`);
  } else {
    makeOwn(run, account);
  }
  return { data: join(home, 'data'), run, log: join(home, 'server.log'), notes };
}

/** A folder that only the account (and root) can use. */
function makeOwn(folder: string, account: ServerAccount | undefined): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const facts = lstatSync(folder);
  const owner = account?.uid ?? process.getuid?.() ?? facts.uid;
  if (account !== undefined && facts.uid !== owner) chownSync(folder, account.uid, account.gid);
  if (!facts.isDirectory() || (account === undefined && facts.uid !== owner)) {
    throw new MagFlockError('MF705', `${folder} is not a folder of the user who runs PostgreSQL.`, {
      fix: 'Remove it or choose another data folder with --data.',
    });
  }
  chmodSync(folder, 0o700);
}

/**
 * /var/lib/magflock/<name made from the path>. The data folder remembers which, so that a folder that was
 * removed and made anew does not get the old data back, which other keys belong to.
 */
function elsewhere(dataDir: string, account: ServerAccount): string {
  const pointer = join(dataDir, 'postgres.place');
  if (existsSync(pointer)) {
    const place = readFileSync(pointer, 'utf8').trim();
    makeOwn(place, account);
    return place;
  }
  mkdirSync('/var/lib/magflock', { recursive: true, mode: 0o755 });
  const name = `${dataDir
    .replaceAll(/[^A-Za-z0-9]+/g, '-')
    .replace(/^-/, '')
    .slice(-40)}-${shortHash(dataDir)}`;
  let place = join('/var/lib/magflock', name);
  for (let next = 2; existsSync(place); next++) place = join('/var/lib/magflock', `${name}-${next}`);
  makeOwn(place, account);
  writeFileSync(pointer, `${place}\n`, { mode: 0o600 });
  return place;
}

function shortRunFolder(dataDir: string, account: ServerAccount | undefined): string {
  const fixed = join(tmpdir(), `magflock-${shortHash(dataDir)}`);
  try {
    makeShort(fixed, account);
    return fixed;
  } catch {
    // Somebody else made a folder of this name in /tmp: take one that nobody could know.
    const other = mkdtempSync(join(tmpdir(), 'magflock-'));
    if (account !== undefined) chownSync(other, account.uid, account.gid);
    return other;
  }
}

function makeShort(folder: string, account: ServerAccount | undefined): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
    if (account !== undefined) chownSync(folder, account.uid, account.gid);
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== 'EEXIST') throw thrown;
  }
  const facts = lstatSync(folder);
  if (!facts.isDirectory() || facts.uid !== (account?.uid ?? process.getuid?.() ?? facts.uid)) {
    throw new MagFlockError('MF705', `${folder} belongs to somebody else.`);
  }
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}
