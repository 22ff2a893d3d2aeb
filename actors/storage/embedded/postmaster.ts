import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, constants, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { DataPlace } from './place-data.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { isAlive, serverProcesses } from './processes.ts';
import type { ServerAccount } from './server-account.ts';

export interface PostmasterOptions {
  readonly postgres: string;
  readonly place: DataPlace;
  readonly account: ServerAccount | undefined;
  readonly port: number;
  readonly options: Readonly<Record<string, string>>;
  /** Aborted when the part has to stop: a postmaster that is not ready yet is stopped at once then. */
  readonly signal: AbortSignal;
}

/** A running postmaster: one started here, or one found. */
export interface Postmaster {
  readonly pid: number;
  readonly port: number;
  readonly socketFolder: string;
  /** Undefined when it was adopted: then its end is found by looking. */
  readonly child: ChildProcess | undefined;
}

const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW } = constants;
const startLimitMs = 60_000;
const largestLog = 10 * 1024 * 1024;

/**
 * Starts PostgreSQL in a process group of its own: ctrl-C reaches the daemon alone, which drains first. Resolves
 * when it takes connections.
 * @throws MF700 with the last lines of its log; MF506 when the disk is full
 */
export async function startPostmaster(options: PostmasterOptions): Promise<Postmaster> {
  const { place, account } = options;
  if (existsSync(place.log) && statSync(place.log).size > largestLog) renameSync(place.log, `${place.log}.1`);
  // No link is followed: the folder belongs to the account, and this process may be root.
  const log = openSync(place.log, O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW, 0o600);
  const logged = statSync(place.log).size;
  const child = spawn(
    options.postgres,
    [
      ...['-D', place.data, '-k', place.run, '-p', String(options.port)],
      ...Object.entries(options.options).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    {
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
      cwd: place.data,
      detached: true,
      env: { PATH: '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' },
      // A file and no pipe: it must go on writing when this process is gone.
      stdio: ['ignore', log, log],
    },
  );
  closeSync(log);
  child.unref();
  let failed: string | undefined;
  const quit = (): void => void child.kill('SIGQUIT');
  options.signal.addEventListener('abort', quit, { once: true });
  if (options.signal.aborted) quit();
  child.once('error', (error) => (failed = error.message));
  child.once('exit', (code, signal) => (failed ??= `it ended with ${signal ?? `code ${code}`}`));

  const until = Date.now() + startLimitMs;
  while (failed === undefined) {
    const file = readPostmasterFile(place.data);
    if (file !== undefined && file.pid === child.pid && file.status === 'ready') {
      options.signal.removeEventListener('abort', quit);
      return { pid: file.pid, port: file.port, socketFolder: file.socketFolder, child };
    }
    if (Date.now() > until) {
      child.kill('SIGQUIT');
      failed = `it was not ready within ${startLimitMs / 1000} s`;
      break;
    }
    await pause(10);
  }
  options.signal.removeEventListener('abort', quit);
  throw startFailure(failed ?? 'it ended', readFileSync(place.log).subarray(logged).toString());
}

/**
 * Fast shutdown: sessions are ended, a checkpoint is written. A postmaster that does not end in time is told to
 * stop at once, and after that killed; the next start then recovers from the log.
 * @param graceMs for the fast shutdown
 */
export async function stopPostmaster(pid: number, dataDirectory: string, graceMs: number): Promise<void> {
  for (const [signal, waitMs] of [
    ['SIGINT', graceMs],
    ['SIGQUIT', 1000],
    ['SIGKILL', 1000],
  ] as const) {
    signalProcess(pid, signal);
    if (await ended(() => !isAlive(pid), waitMs)) break;
  }
  await killOrphans(dataDirectory);
}

/**
 * Ends backends whose postmaster is gone: they keep the shared memory, and no new postmaster starts before they
 * are gone. Nothing they hold is worth waiting for.
 */
export async function killOrphans(dataDirectory: string): Promise<number> {
  const orphans = serverProcesses(dataDirectory);
  for (const pid of orphans) signalProcess(pid, 'SIGQUIT');
  if (await ended(() => serverProcesses(dataDirectory).length === 0, orphans.length === 0 ? 0 : 300)) {
    return orphans.length;
  }
  for (const pid of serverProcesses(dataDirectory)) signalProcess(pid, 'SIGKILL');
  await ended(() => serverProcesses(dataDirectory).length === 0, 2000);
  return orphans.length;
}

function signalProcess(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended on its own.
  }
}

async function ended(condition: () => boolean, limitMs: number): Promise<boolean> {
  const until = Date.now() + limitMs;
  while (!condition()) {
    if (Date.now() >= until) return false;
    await pause(10);
  }
  return true;
}

function startFailure(reason: string, log: string): MagFlockError {
  const lines = log.trim().split('\n').slice(-12).join('\n');
  if (/No space left on device|Disk quota exceeded/i.test(log)) {
    return new MagFlockError('MF506', `PostgreSQL cannot start, the disk is full: ${reason}.`, {
      details: { log: lines },
    });
  }
  return new MagFlockError('MF700', `PostgreSQL did not start: ${reason}.`, {
    fix: 'The details have the end of its log.',
    details: { log: lines },
  });
}
