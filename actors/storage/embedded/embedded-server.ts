import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Client } from 'pg';
import { MagFlockError } from '../../../runtime/errors/magflock-error.ts';
import type { Logger } from '../../../runtime/telemetry/logger.ts';
import type { Endpoint } from '../endpoint.ts';
import type { Login } from '../login.ts';
import type { DatabaseServer, ServerChange, ServerFacts } from '../server.ts';
import { adoptPostmaster } from './adopt.ts';
import { checkClusterVersion } from './check-cluster-version.ts';
import { freePort } from './free-port.ts';
import { initialiseCluster } from './initialise-cluster.ts';
import { type InstalledProgram, installProgram } from './install-program.ts';
import { type DataPlace, placeData } from './place-data.ts';
import { killOrphans, type Postmaster, startPostmaster, stopPostmaster } from './postmaster.ts';
import { isAlive } from './processes.ts';
import { removeStaleLocks } from './remove-stale-locks.ts';
import { type ServerAccount, serverAccount } from './server-account.ts';
import { serverConnections, serverOptions } from './server-options.ts';

export interface EmbeddedServerOptions {
  /** Absolute path of the daemon's data folder. */
  readonly dataDir: string;
  readonly superuser: Login;
  /** The setting `storage.maxConnections`. */
  readonly maxConnections: number;
  readonly log: Logger;
  /** Aborted when the part has to stop, also while it starts. Default: never. */
  readonly signal?: AbortSignal;
  /** Milliseconds a fast shutdown gets; default 3,000. */
  readonly stopMs?: number;
}

const watchMs = 100;
const longestBackoffMs = 2000;

/** PostgreSQL of the npm package, started, supervised and stopped here. */
export class EmbeddedServer implements DatabaseServer {
  readonly administrator: Login;
  readonly maintenance = 'postgres';
  readonly #options: EmbeddedServerOptions;
  readonly #listeners: ((change: ServerChange) => void)[] = [];
  readonly #signal: AbortSignal;
  #account: ServerAccount | undefined;
  #program: InstalledProgram | undefined;
  #place: DataPlace | undefined;
  #postmaster: Postmaster | undefined;
  #adopted = false;
  #versionNumber = 0;
  #watch: NodeJS.Timeout | undefined;
  #stopping = false;
  #restarting: Promise<void> | undefined;

  constructor(options: EmbeddedServerOptions) {
    this.#options = options;
    this.#signal = options.signal ?? new AbortController().signal;
    this.administrator = options.superuser;
  }

  get available(): boolean {
    return this.#postmaster !== undefined;
  }

  get endpoint(): Endpoint {
    const { port, socketFolder } = this.#running();
    return { host: socketFolder, port, ssl: false, publicHost: '127.0.0.1' };
  }

  get facts(): ServerFacts {
    const { pid, port, socketFolder } = this.#postmaster ?? { pid: null, port: 0, socketFolder: '' };
    const notes = [...(this.#program?.notes ?? []), ...(this.#place?.notes ?? [])];
    if (this.#adopted) notes.push('adopted the PostgreSQL that was still running');
    return {
      kind: 'embedded',
      version: versionText(this.#versionNumber),
      versionNumber: this.#versionNumber,
      pid,
      address: pid === null ? 'down' : `${socketFolder} and 127.0.0.1:${port}`,
      notes,
    };
  }

  onChange(listener: (change: ServerChange) => void): void {
    this.#listeners.push(listener);
  }

  async start(): Promise<void> {
    const { dataDir, superuser, log } = this.#options;
    this.#account = serverAccount();
    this.#place = placeData(dataDir, this.#account);
    this.#program = installProgram(this.#account, dirname(this.#place.data));
    const { data } = this.#place;
    if (!checkClusterVersion(data, major(this.#program.version))) {
      log.info({ folder: data }, 'making the PostgreSQL cluster');
      await initialiseCluster({
        initdb: this.#program.initdb,
        data,
        account: this.#account,
        superuser,
        signal: this.#signal,
        progress: (line) => log.info({ line }, 'still making the PostgreSQL cluster'),
      });
    }
    const adopted = await adoptPostmaster({
      data,
      postgres: this.#program.postgres,
      superuser,
      connections: serverConnections(this.#options.maxConnections),
    });
    this.#adopted = adopted !== undefined;
    if (adopted === undefined) {
      const orphans = await killOrphans(data);
      if (orphans > 0) log.warn({ orphans }, 'ended backends that a killed PostgreSQL left');
      this.#postmaster = await this.#launch();
    } else {
      this.#postmaster = adopted;
    }
    await this.#ask();
    this.#supervise(this.#postmaster);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    clearInterval(this.#watch);
    await this.#restarting;
    const postmaster = this.#postmaster;
    this.#postmaster = undefined;
    if (postmaster !== undefined && this.#place !== undefined) {
      await stopPostmaster(postmaster.pid, this.#place.data, this.#options.stopMs ?? 3000);
    }
  }

  #running(): Postmaster {
    if (this.#postmaster === undefined) throw new MagFlockError('MF503', 'PostgreSQL is not running.');
    return this.#postmaster;
  }

  /** Starts the postmaster on the port it had before, so that a URL printed once stays good. */
  async #launch(): Promise<Postmaster> {
    const place = this.#place as DataPlace;
    const program = this.#program as InstalledProgram;
    const portFile = join(dirname(place.data), 'port');
    removeStaleLocks(place);
    for (let attempt = 1; ; attempt++) {
      const port = await freePort(attempt === 1 ? readPort(portFile) : undefined);
      try {
        const postmaster = await startPostmaster({
          postgres: program.postgres,
          place,
          account: this.#account,
          port,
          options: serverOptions(this.#options.maxConnections),
          signal: this.#signal,
        });
        writeFileSync(portFile, `${port}\n`, { mode: 0o600 });
        return postmaster;
      } catch (thrown) {
        const inUse = JSON.stringify(MagFlockError.from(thrown).details ?? {}).includes(
          'Address already in use',
        );
        if (!inUse || attempt === 3) throw thrown;
      }
    }
  }

  /** First question: does the password fit, and which version is it? */
  async #ask(): Promise<void> {
    const { host, port } = this.endpoint;
    const client = new Client({
      host,
      port,
      database: 'postgres',
      ...this.administrator,
      connectionTimeoutMillis: 5000,
    });
    client.on('error', () => {});
    try {
      await client.connect();
      const { rows } = await client.query<{ number: string }>(
        `select current_setting('server_version_num') as number`,
      );
      this.#versionNumber = Number(rows[0]?.number);
    } catch (thrown) {
      const failed = thrown as Error & { code?: string };
      await this.stop();
      if (failed.code !== '28P01') throw thrown;
      throw new MagFlockError(
        'MF708',
        'The PostgreSQL data in this folder was made with another master key.',
        {
          fix: 'Put the master.key back that belongs to this data folder, or start with a new folder (--data).',
        },
      );
    } finally {
      await client.end().catch(() => {});
    }
  }

  #supervise(postmaster: Postmaster): void {
    const died = (reason: string): void => {
      clearInterval(this.#watch);
      if (this.#stopping || this.#postmaster !== postmaster) return;
      this.#postmaster = undefined;
      this.#restarting = this.#restart(reason).catch((thrown) => {
        this.#options.log.error({ err: thrown }, 'the restart of PostgreSQL failed');
      });
    };
    if (postmaster.child === undefined) {
      this.#watch = setInterval(() => {
        if (!isAlive(postmaster.pid)) died('the adopted postmaster is gone');
      }, watchMs);
    } else {
      postmaster.child.once('exit', (code, signal) =>
        died(`the postmaster ended with ${signal ?? `code ${code}`}`),
      );
      if (!isAlive(postmaster.pid)) died('the postmaster ended at once');
    }
  }

  async #restart(reason: string): Promise<void> {
    const began = Date.now();
    this.#options.log.error({ reason }, 'PostgreSQL is gone, starting it again');
    this.#tell({ kind: 'unavailable', reason });
    const { data } = this.#place as DataPlace;
    for (let backoffMs = 100; !this.#stopping; backoffMs = Math.min(backoffMs * 2, longestBackoffMs)) {
      try {
        await killOrphans(data);
        this.#postmaster = await this.#launch();
        break;
      } catch (thrown) {
        this.#options.log.error({ err: thrown, retryMs: backoffMs }, 'PostgreSQL does not start');
        await pause(backoffMs);
      }
    }
    if (this.#postmaster === undefined) return;
    this.#adopted = false;
    const afterMs = Date.now() - began;
    this.#options.log.info({ afterMs, pid: this.#postmaster.pid }, 'PostgreSQL is back');
    this.#supervise(this.#postmaster);
    this.#tell({ kind: 'available', afterMs });
  }

  #tell(change: ServerChange): void {
    for (const listener of this.#listeners) listener(change);
  }
}

function readPort(file: string): number | undefined {
  try {
    const port = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(port) && port > 0 && port < 65536 ? port : undefined;
  } catch {
    return undefined;
  }
}

/** 180004 → `18.4`. */
function versionText(number: number): string {
  return `${Math.floor(number / 10000)}.${number % 10000}`;
}

/** `18.4.0-beta.17` → `18`. */
function major(packageVersion: string): string {
  return packageVersion.split('.')[0] ?? '';
}
