import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from 'pg';
import { deriveLogins } from '../../actors/storage/login.ts';
import { deriveKeys } from '../../runtime/bios/derive-keys.ts';
import { type RunningDaemon, startDaemon } from '../../test/support/daemon.ts';
import { LoadProcess } from '../support/load-process.ts';
import { Contender } from './contender.ts';
import { ddl } from './workloads.ts';

/** A daemon with filled tables, and a generator of load. */
export interface Target extends AsyncDisposable {
  readonly daemon: RunningDaemon;
  readonly generator: LoadProcess;
  /** `/rest/v1` of project `main` with its public key: the role `anon`, with row security. */
  readonly magflock: Contender;
  /** As the project's owner, whom row security does not bind. */
  readonly databaseUrl: string;
  /** As the lanes' own login, the only one that may switch to `anon`. */
  readonly authenticatorUrl: string;
  /** Runs statements as the server's superuser, in the project's database or another one. */
  asSuperuser(text: string, database?: string): Promise<void>;
  /** URL of a database of the same server, as superuser. */
  superuserUrl(database: string): string;
}

/** @param env of the daemon, besides the level of its log */
export async function openTarget(env: Readonly<Record<string, string>> = {}): Promise<Target> {
  const daemon = await startDaemon({ env: { MAGFLOCK_LOG_LEVEL: 'warn', ...env } });
  const generator = new LoadProcess();
  process.stderr.write('filling the tables\n');
  await daemon.sql(ddl);
  await daemon.sql('vacuum analyze');
  const databaseUrl = await daemon.databaseUrl();
  const master = Buffer.from(readFileSync(join(daemon.dataDir, 'master.key'), 'utf8').trim(), 'hex');
  const logins = deriveLogins(deriveKeys(master).logins);
  const login = logins.authenticator('main');
  const authenticator = Object.assign(new URL(databaseUrl), {
    username: login.user,
    password: login.password,
  });
  const superuserUrl = (database: string): string => {
    const { user, password } = logins.superuser();
    return Object.assign(new URL(databaseUrl), { username: user, password, pathname: `/${database}` }).href;
  };
  const magflock = new Contender({
    name: 'MagFlock /rest/v1',
    port: Number(new URL(daemon.url).port),
    prefix: '/rest/v1',
    headers: [`apikey: ${daemon.publicKey}`],
    pids: [daemon.pid],
  });
  return {
    daemon,
    generator,
    magflock,
    databaseUrl,
    authenticatorUrl: authenticator.href,
    superuserUrl,
    async asSuperuser(text, database = new URL(databaseUrl).pathname.slice(1)) {
      const client = new Client({ connectionString: superuserUrl(database) });
      await client.connect();
      await client.query(text).finally(() => client.end());
    },
    async [Symbol.asyncDispose]() {
      generator.stop();
      await daemon.stop();
    },
  };
}
