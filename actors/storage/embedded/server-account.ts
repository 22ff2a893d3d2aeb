import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';

/** The operating system's account that runs the postmaster. */
export interface ServerAccount {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** In this order: ours, then the one PostgreSQL packages use. */
const preferred = ['magflock', 'postgres'];

/**
 * PostgreSQL refuses uid 0, so under root it gets an account of its own, made when there is none.
 * @returns undefined when this process is not root: then PostgreSQL runs as the same user
 * @throws MF700 when no account exists and none can be made
 */
export function serverAccount(): ServerAccount | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const existing = findAccount();
  if (existing !== undefined) return existing;
  try {
    execFileSync(
      'useradd',
      [
        '--system',
        '--user-group',
        '--no-create-home',
        '--home-dir',
        '/var/lib/magflock',
        '--shell',
        '/usr/sbin/nologin',
        'magflock',
      ],
      { stdio: 'pipe' },
    );
  } catch (thrown) {
    throw accountMissing(thrown);
  }
  const made = findAccount();
  if (made === undefined) throw accountMissing(undefined);
  return made;
}

function findAccount(): ServerAccount | undefined {
  const accounts = new Map(
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .map((fields) => [fields[0], { uid: Number(fields[2]), gid: Number(fields[3]) }]),
  );
  for (const name of preferred) {
    const account = accounts.get(name);
    // An account of this name with uid 0 would be refused by PostgreSQL all the same.
    if (account !== undefined && account.uid > 0) return { name, ...account };
  }
  return undefined;
}

function accountMissing(cause: unknown): MagFlockError {
  return new MagFlockError(
    'MF700',
    'MagFlock was started as root, and PostgreSQL never runs as root: it needs an account of its own.',
    {
      fix: 'Run: useradd --system --user-group --no-create-home --shell /usr/sbin/nologin magflock',
      cause,
    },
  );
}
