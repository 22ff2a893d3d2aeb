import { cpSync, existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import { makeLinks } from './make-links.ts';
import { mayUse } from './may-use.ts';
import { type PlatformProgram, platformProgram } from './platform-program.ts';
import type { ServerAccount } from './server-account.ts';

/** PostgreSQL's program, ready to run as the account. */
export interface InstalledProgram {
  readonly initdb: string;
  readonly postgres: string;
  readonly version: string;
  /** What the boot should say: that the program was copied, and why. */
  readonly notes: readonly string[];
}

const lastFileOfCopy = 'magflock-copied';

/**
 * Uses the program where npm put it, or a copy where that place does not do: library links that cannot be made
 * there, or a folder (`/root/…`) that the account cannot enter.
 * @param ownFolder where an ordinary user's copy may go; under root it goes to /var/lib/magflock
 * @param delivered default: the one of node_modules
 */
export function installProgram(
  account: ServerAccount | undefined,
  ownFolder: string,
  delivered: PlatformProgram = platformProgram(),
): InstalledProgram {
  const linked = makeLinks(delivered.folder, delivered.links);
  if (linked && usable(delivered.folder, account)) return installed(delivered.folder, delivered.version, []);

  const target = join(
    account === undefined ? ownFolder : '/var/lib/magflock',
    `program-${delivered.version}`,
  );
  if (!existsSync(join(target, lastFileOfCopy))) copyProgram(delivered, target);
  if (!usable(target, account)) {
    throw new MagFlockError('MF700', `PostgreSQL's program in ${target} cannot be run as ${account?.name}.`, {
      fix: `Allow everyone to enter ${dirname(target)} (chmod 755), or set DATABASE_URL to a PostgreSQL of your own.`,
    });
  }
  const reason = linked
    ? `${account?.name} cannot enter ${delivered.folder}`
    : `library links cannot be made in ${delivered.folder}`;
  return installed(target, delivered.version, [`PostgreSQL's program runs from ${target}: ${reason}`]);
}

function usable(folder: string, account: ServerAccount | undefined): boolean {
  return mayUse(join(folder, 'bin/postgres'), '-x', account) && mayUse(join(folder, 'share'), '-x', account);
}

function copyProgram(delivered: PlatformProgram, target: string): void {
  const unfinished = `${target}.${process.pid}`;
  rmSync(unfinished, { recursive: true, force: true });
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  cpSync(delivered.folder, unfinished, { recursive: true, verbatimSymlinks: true });
  makeLinks(unfinished, delivered.links);
  writeFileSync(join(unfinished, lastFileOfCopy), '');
  rmSync(target, { recursive: true, force: true });
  renameSync(unfinished, target);
}

function installed(folder: string, version: string, notes: readonly string[]): InstalledProgram {
  return { initdb: join(folder, 'bin/initdb'), postgres: join(folder, 'bin/postgres'), version, notes };
}
