import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { ProjectInfo, SqlResult } from '../../runtime/protocol/storage.protocol.ts';

export interface DaemonOptions {
  /** An existing data folder, to start again on it; default: a new temporary one. */
  readonly dataDir?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Further flags, for example `['--cores', '1']`. */
  readonly flags?: readonly string[];
  /** Milliseconds until ready; default 40,000. */
  readonly timeoutMs?: number;
}

export interface BootEvent {
  readonly event: string;
  readonly [field: string]: unknown;
}

export interface RunningDaemon {
  readonly pid: number;
  readonly dataDir: string;
  /** `http://127.0.0.1:<port>`, without a slash at the end. */
  readonly url: string;
  readonly adminUrl: string;
  readonly socket: string;
  /** The keys of the first run. */
  readonly publicKey: string;
  readonly secretKey: string;
  /** Everything it announced with `--json`, the ready event included. */
  readonly events: readonly BootEvent[];
  /** One request to the control socket with the token; the body as JSON. */
  control(method: string, path: string, body?: unknown): Promise<{ status: number; json: unknown }>;
  /** Runs `magflock <args> --data <folder>` and waits for its end. */
  cli(args: readonly string[]): Promise<{ code: number | null; stdout: string; stderr: string }>;
  /** A stored key of project `main`, in clear. */
  createKey(role: 'anon' | 'service_role'): Promise<string>;
  /** SQL as the owner of project `main`; the results of all statements. */
  sql(text: string): Promise<readonly SqlResult[]>;
  /** URL of project `main`'s database as its owner. */
  databaseUrl(): Promise<string>;
  /** SIGTERM, then waits until it is gone and removes a data folder made here. Answers the exit code. */
  stop(): Promise<number | null>;
  /** SIGKILL, as a crash of the machine would be. The data folder stays. */
  kill9(): Promise<void>;
  /** Removes the data folder, when it was given or the daemon was killed. */
  remove(): void;
}

const entry = fileURLToPath(new URL('../../runtime/daemon.ts', import.meta.url));
/** The one the launcher uses, so that a daemon of a test starts as fast as one of a user. */
const compileCache = fileURLToPath(new URL('../../node_modules/.cache/magflock-compile', import.meta.url));
const cliEntry = fileURLToPath(new URL('../../runtime/cli/main.ts', import.meta.url));

/**
 * Starts a real daemon as a child process on ports the system picks and waits until it is ready.
 * Rejects with everything it printed when it ends or takes too long.
 */
export async function startDaemon(options: DaemonOptions = {}): Promise<RunningDaemon> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'magflock-test-'));
  // mkdtemp gives 0700; under root PostgreSQL runs as another user that has to get through.
  if (options.dataDir === undefined) chmodSync(dataDir, 0o711);
  const child = spawn(
    process.execPath,
    [
      '--disable-sigusr1',
      entry,
      '--json',
      '--data',
      dataDir,
      '--port',
      '0',
      '--admin-port',
      '0',
      ...(options.flags ?? []),
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...options.env },
      cwd: dataDir,
    },
  );
  const events: BootEvent[] = [];
  const printed: string[] = [];
  child.stderr.on('data', (chunk: Buffer) => printed.push(chunk.toString()));
  const remove = (): void => {
    endPostmaster(dataDir);
    rmSync(dataDir, { recursive: true, force: true });
  };
  const ready = await untilReady(child, events, printed, options.timeoutMs ?? 40_000).catch((thrown) => {
    if (options.dataDir === undefined) remove();
    throw thrown;
  });
  const keys = readFirstKeys(dataDir);
  const control = (method: string, path: string, body?: unknown) =>
    askControl(String(ready['socket']), dataDir, method, path, body);
  const expectOk = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const { status, json } = await control(method, path, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
    return json;
  };

  return {
    pid: child.pid as number,
    dataDir,
    url: String(ready['url']).replace(/\/$/, ''),
    adminUrl: String(ready['adminUrl']).replace(/\/$/, ''),
    socket: String(ready['socket']),
    publicKey: keys.publicKey,
    secretKey: keys.secretKey,
    events,
    control,
    cli: (args) => runCli([...args, '--data', dataDir], dataDir),
    async createKey(role) {
      return ((await expectOk('POST', '/control/v1/keys?project=main', { role })) as { key: string }).key;
    },
    async sql(text) {
      const answer = await expectOk('POST', '/control/v1/sql', { project: 'main', text });
      return (answer as { results: SqlResult[] }).results;
    },
    async databaseUrl() {
      return ((await expectOk('GET', '/control/v1/projects/main')) as ProjectInfo).databaseUrl;
    },
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGTERM');
        await once(child, 'close');
      }
      if (options.dataDir === undefined) remove();
      return child.exitCode;
    },
    async kill9() {
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await once(child, 'close');
      }
    },
    remove,
  };
}

/** A daemon that was killed leaves its PostgreSQL to the next one; when there is none, it ends here. */
function endPostmaster(dataDir: string): void {
  try {
    const pid = Number(
      readFileSync(join(dataDir, 'postgres', 'data', 'postmaster.pid'), 'utf8').split('\n')[0],
    );
    if (readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(dataDir)) process.kill(pid, 'SIGQUIT');
  } catch {
    // None runs.
  }
}

async function runCli(
  args: readonly string[],
  cwd: string,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [cliEntry, ...args], { stdio: ['ignore', 'pipe', 'pipe'], cwd });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

async function untilReady(
  child: ChildProcess,
  events: BootEvent[],
  printed: string[],
  timeoutMs: number,
): Promise<BootEvent> {
  const { promise, resolve, reject } = Promise.withResolvers<BootEvent>();
  const fail = (why: string): void => {
    child.kill('SIGKILL');
    reject(
      new Error(`${why}\n${events.map((event) => JSON.stringify(event)).join('\n')}\n${printed.join('')}`),
    );
  };
  const timer = setTimeout(() => fail(`daemon not ready within ${timeoutMs} ms`), timeoutMs);
  createInterface({ input: child.stdout as NodeJS.ReadableStream }).on('line', (line) => {
    try {
      const event = JSON.parse(line) as BootEvent;
      events.push(event);
      if (event.event === 'ready') resolve(event);
    } catch {
      fail(`a line with --json is not JSON: ${line}`);
    }
  });
  child.once('close', (code, signal) => fail(`daemon ended before it was ready (${signal ?? code})`));
  try {
    return await promise;
  } finally {
    clearTimeout(timer);
  }
}

function readFirstKeys(dataDir: string): { publicKey: string; secretKey: string } {
  const file = join(dataDir, 'first-keys.txt');
  const text = existsSync(file) ? readFileSync(file, 'utf8') : '';
  return {
    publicKey: text.match(/ak_pub_[a-z0-9]+_[A-Za-z0-9]+/)?.[0] ?? '',
    secretKey: text.match(/ak_sec_[a-z0-9]+_[A-Za-z0-9]+/)?.[0] ?? '',
  };
}

function askControl(
  socketPath: string,
  dataDir: string,
  method: string,
  path: string,
  body: unknown,
): Promise<{ status: number; json: unknown }> {
  const token = readFileSync(join(dataDir, 'control.token'), 'utf8').trim();
  const text = body === undefined ? undefined : JSON.stringify(body);
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; json: unknown }>();
  const request = httpRequest(
    {
      socketPath,
      method,
      path,
      agent: false,
      headers: {
        authorization: `Bearer ${token}`,
        ...(text === undefined
          ? {}
          : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) }),
      },
    },
    (response) => {
      let answer = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => (answer += chunk));
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, json: answer === '' ? null : JSON.parse(answer) });
        } catch (thrown) {
          reject(thrown);
        }
      });
      response.on('error', reject);
    },
  );
  request.on('error', reject);
  request.end(text);
  return promise;
}
