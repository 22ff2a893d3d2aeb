import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { MagFlockError } from '../errors/magflock-error.ts';
import { moduleUrl } from '../placement/module-url.ts';

export interface ChildDaemon {
  readonly pid: number;
  readonly url: string;
  /** Events of the boot, as `--json` gives them. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
  /** Stops it and waits for its end. */
  stop(): Promise<void>;
}

/**
 * A daemon of its own as a child, on ports the system picks; waits until it is ready.
 * @param dataDir its data folder
 * @throws MagFlockError MF700 with what it printed when it does not become ready within 60 s
 */
export async function startChildDaemon(dataDir: string): Promise<ChildDaemon> {
  const entry = fileURLToPath(moduleUrl('./main', import.meta.url));
  const args = ['start', '--json', '--data', dataDir, '--port', '0', '--admin-port', '0'];
  const child = spawn(process.execPath, [...process.execArgv, entry, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: dataDir,
    // Settings of the caller's own daemon must not leak into this one.
    env: Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^(MAGFLOCK_|DATABASE_URL$|PORT$)/.test(name)),
    ),
  });
  const events: Record<string, unknown>[] = [];
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let talk = '';
  child.stderr.on('data', (chunk: Buffer) => {
    talk += chunk.toString();
  });
  createInterface({ input: child.stdout }).on('line', (line) => {
    const event = parse(line);
    if (event === undefined) return;
    events.push(event);
    if (event['event'] === 'ready') resolve(String(event['url']));
  });
  const ended = once(child, 'close');
  ended.then(([code]) => reject(notReady(`the daemon ended with code ${code}`, talk)), reject);
  const timer = setTimeout(() => {
    child.kill('SIGKILL');
    reject(notReady('the daemon was not ready within 60 s', talk));
  }, 60_000);
  try {
    const url = (await promise).replace(/\/$/, '');
    return {
      pid: child.pid!,
      url,
      events,
      async stop() {
        child.kill('SIGTERM');
        await ended;
      },
    };
  } finally {
    clearTimeout(timer);
  }
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line) as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function notReady(message: string, talk: string): MagFlockError {
  return new MagFlockError('MF700', message, {
    details: { why: talk.trim().slice(-2000) },
    fix: 'magflock doctor checks the machine',
  });
}
