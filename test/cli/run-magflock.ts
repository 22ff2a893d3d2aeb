import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface CliRun {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface CliRunOptions {
  readonly cwd?: string;
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly onStart?: () => void;
  /** Called with each piece of stdout, for example to interrupt. */
  readonly onOutput?: (text: string, interrupt: () => void) => void;
}

const entry = fileURLToPath(new URL('../../runtime/cli/main.ts', import.meta.url));

/** Runs `magflock <args>` as a user's shell would, without a terminal, and waits for its end. */
export async function runMagflock(args: readonly string[], options: CliRunOptions = {}): Promise<CliRun> {
  const flags = ['--disable-sigusr1', '--disable-warning=ExperimentalWarning'];
  const child = spawn(process.execPath, [...flags, entry, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    cwd: options.cwd,
    env: { ...withoutSettings(process.env), NO_COLOR: '1', ...options.env },
  });
  options.onStart?.();
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
    options.onOutput?.(stdout, () => child.kill('SIGINT'));
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(options.stdin ?? '');
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, stdout, stderr };
}

/** Settings of the machine that runs the tests must not decide about their outcome. */
function withoutSettings(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(env).filter(([name]) => !/^(MAGFLOCK_.*|DATABASE_URL|PORT|FORCE_COLOR)$/.test(name)),
  );
}
