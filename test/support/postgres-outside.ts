import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client } from 'pg';
import { freePort } from '../../actors/storage/embedded/free-port.ts';
import { platformProgram } from '../../actors/storage/embedded/platform-program.ts';
import { readPostmasterFile } from '../../actors/storage/embedded/postmaster-file.ts';
import { serverAccount } from '../../actors/storage/embedded/server-account.ts';

/** A PostgreSQL that MagFlock did not start, for `DATABASE_URL`. */
export interface OutsidePostgres {
  readonly version: string;
  /** URL of a superuser. */
  readonly url: string;
  /** URL of another login, made with these attributes. */
  login(name: string, attributes: string): Promise<string>;
  stop(): Promise<void>;
  /** SIGKILL to all of it, then up again on the same port. */
  restart(): Promise<void>;
}

/** Programs that can play the outside server: the one of npm, and those the machine has. */
export function outsidePrograms(): readonly { readonly version: string; readonly bin: string }[] {
  const { folder, version } = platformProgram();
  const programs = [{ version: version.split('.')[0] ?? '', bin: join(folder, 'bin') }];
  const installed = '/usr/lib/postgresql';
  for (const major of existsSync(installed) ? readdirSync(installed) : []) {
    const bin = join(installed, major, 'bin');
    if (Number(major) >= 14 && existsSync(join(bin, 'postgres'))) programs.push({ version: major, bin });
  }
  return programs;
}

/** Starts one in a temporary folder. */
export async function startOutsidePostgres(bin: string, version: string): Promise<OutsidePostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'magflock-outside-'));
  chmodSync(folder, 0o755);
  const data = join(folder, 'data');
  const account = serverAccount();
  const identity = account === undefined ? {} : { uid: account.uid, gid: account.gid };
  mkdirSync(data, { mode: 0o700 });
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, 'outside\n', { mode: 0o600 });
  if (account !== undefined) {
    chownSync(data, account.uid, account.gid);
    chownSync(passwordFile, account.uid, account.gid);
  }
  execFileSync(
    join(bin, 'initdb'),
    [
      '-D',
      data,
      '-U',
      'boss',
      `--pwfile=${passwordFile}`,
      '-A',
      'scram-sha-256',
      '-E',
      'UTF8',
      '--no-locale',
      '--no-sync',
    ],
    { ...identity, stdio: 'pipe', cwd: '/' },
  );
  const port = await freePort(undefined);
  let child = await launch();

  async function launch() {
    const process = spawn(
      join(bin, 'postgres'),
      [
        '-D',
        data,
        '-p',
        String(port),
        '-h',
        '127.0.0.1',
        '-k',
        '',
        '-c',
        'fsync=off',
        '-c',
        'max_connections=100',
      ],
      { ...identity, stdio: 'ignore', cwd: data },
    );
    while (readPostmasterFile(data)?.status !== 'ready' || readPostmasterFile(data)?.pid !== process.pid) {
      if (process.exitCode !== null) throw new Error(`the outside PostgreSQL ended with ${process.exitCode}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return process;
  }

  const url = `postgres://boss:outside@127.0.0.1:${port}/postgres`;
  return {
    version,
    url,
    async login(name, attributes) {
      const client = new Client({ connectionString: url });
      await client.connect();
      await client.query(`create role ${name} login password 'outside' ${attributes}`);
      await client.end();
      return `postgres://${name}:outside@127.0.0.1:${port}/postgres`;
    },
    async stop() {
      child.kill('SIGINT');
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
    async restart() {
      child.kill('SIGKILL');
      await once(child, 'exit');
      // Its children notice by themselves, within moments.
      await new Promise((resolve) => setTimeout(resolve, 300));
      child = await launch();
    },
  };
}
