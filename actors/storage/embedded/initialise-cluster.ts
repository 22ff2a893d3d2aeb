import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Login } from '../login.ts';
import type { ServerAccount } from './server-account.ts';

export interface InitialiseOptions {
  readonly initdb: string;
  readonly data: string;
  readonly account: ServerAccount | undefined;
  readonly superuser: Login;
  /** Aborted when the part has to stop: initdb is killed then. */
  readonly signal: AbortSignal;
  /** Called every two seconds while it runs, with what initdb printed last. */
  progress(message: string): void;
}

/** Password for everyone, from this machine only. Replication has no entry: nobody replicates yet. */
const hostBasedAccess = `# Written by MagFlock.
local all all scram-sha-256
host  all all 127.0.0.1/32 scram-sha-256
host  all all ::1/128      scram-sha-256
`;

/**
 * Makes a new cluster: UTF-8, the builtin C.UTF-8 locale (the same order on every machine), scram passwords,
 * checksums on (PostgreSQL's default). It is made beside its place and moved there when complete: initdb writes
 * PG_VERSION first, so a crash in between would look like a cluster.
 * @throws MF700 with what initdb printed
 */
export async function initialiseCluster(options: InitialiseOptions): Promise<void> {
  const { data, account, superuser } = options;
  const unfinished = `${data}.unfinished`;
  rmSync(unfinished, { recursive: true, force: true });
  const passwordFile = join(dirname(data), 'initdb-password');
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${superuser.password}\n`, { mode: 0o600, flag: 'wx' });
  if (account !== undefined) chownSync(passwordFile, account.uid, account.gid);
  try {
    await runInitdb({ ...options, data: unfinished }, passwordFile);
  } finally {
    rmSync(passwordFile, { force: true });
  }
  writeFileSync(join(unfinished, 'pg_hba.conf'), hostBasedAccess);
  renameSync(unfinished, data);
}

async function runInitdb(options: InitialiseOptions, passwordFile: string): Promise<void> {
  const { account } = options;
  const child = spawn(
    options.initdb,
    [
      ...['-D', options.data, '-U', options.superuser.user, `--pwfile=${passwordFile}`],
      ...['-A', 'scram-sha-256', '-E', 'UTF8', '--no-instructions'],
      ...['--no-locale', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
    ],
    {
      ...(account === undefined ? {} : { uid: account.uid, gid: account.gid }),
      cwd: dirname(options.data),
      // A group of its own: initdb runs `postgres` as a child, and both have to go together.
      detached: true,
      env: { PATH: '/usr/bin:/bin', LANG: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  const end = (): void => killGroup(child.pid);
  options.signal.addEventListener('abort', end, { once: true });
  if (options.signal.aborted) end();
  let printed = '';
  const keep = (chunk: Buffer): void => {
    printed = (printed + chunk.toString()).slice(-4000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ticking = setInterval(() => options.progress(lastLine(printed)), 2000);
  try {
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw failure(options.data, printed);
  } catch (thrown) {
    throw MagFlockError.is(thrown) ? thrown : failure(options.data, String(thrown));
  } finally {
    clearInterval(ticking);
    options.signal.removeEventListener('abort', end);
  }
}

/** What it has made so far is in a folder that the next start removes, so nothing needs a tidy end. */
function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It ended on its own.
  }
}

function failure(data: string, printed: string): MagFlockError {
  const full = /No space left|disk quota/i.test(printed);
  return new MagFlockError(full ? 'MF506' : 'MF700', `initdb could not make ${data}: ${lastLine(printed)}`, {
    fix: full ? 'Free disk space and start again.' : 'The details have what initdb printed.',
    details: { printed },
  });
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}
