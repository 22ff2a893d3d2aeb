import { readlinkSync, realpathSync } from 'node:fs';
import { Client } from 'pg';
import type { Login } from '../login.ts';
import { type Postmaster, stopPostmaster } from './postmaster.ts';
import { readPostmasterFile } from './postmaster-file.ts';
import { isAlive, serverProcesses } from './processes.ts';

export interface AdoptOptions {
  readonly data: string;
  readonly postgres: string;
  readonly superuser: Login;
  /** Smallest `max_connections` that will do. */
  readonly connections: number;
}

/**
 * Takes over the postmaster that a killed daemon left running, when it runs this very program and answers to
 * this daemon's password with settings that fit. Another one on the same data is stopped.
 * @returns undefined when there is none to adopt
 */
export async function adoptPostmaster(options: AdoptOptions): Promise<Postmaster | undefined> {
  const file = readPostmasterFile(options.data);
  if (file === undefined || !isPostmasterOf(file.pid, options.data)) return undefined;
  if (file.status === 'ready' && runsProgram(file.pid, options.postgres)) {
    if (await answers(options, file.socketFolder, file.port)) {
      return { pid: file.pid, port: file.port, socketFolder: file.socketFolder, child: undefined };
    }
  }
  await stopPostmaster(file.pid, options.data, 5000);
  return undefined;
}

/** The pid in the file may have been given to any other process since. */
function isPostmasterOf(pid: number, data: string): boolean {
  return isAlive(pid) && serverProcesses(data).includes(pid);
}

function runsProgram(pid: number, postgres: string): boolean {
  try {
    return readlinkSync(`/proc/${pid}/exe`) === realpathSync(postgres);
  } catch {
    return false;
  }
}

async function answers(options: AdoptOptions, host: string, port: number): Promise<boolean> {
  const client = new Client({
    host,
    port,
    database: 'postgres',
    ...options.superuser,
    connectionTimeoutMillis: 3000,
    query_timeout: 3000,
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rows } = await client.query<{ connections: string; durable: boolean }>(
      `select current_setting('max_connections') as connections,
              current_setting('fsync') = 'on' and current_setting('full_page_writes') = 'on'
                and current_setting('synchronous_commit') = 'on' as durable`,
    );
    return rows[0]?.durable === true && Number(rows[0].connections) >= options.connections;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}
