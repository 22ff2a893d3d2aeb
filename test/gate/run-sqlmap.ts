import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What sqlmap is told of its target. */
export interface SqlmapTarget {
  readonly url: string;
  /** Further arguments: `-p`, `--data`, headers. */
  readonly arguments: readonly string[];
}

export interface SqlmapEffort {
  readonly level: number;
  /** Names of tamper scripts, in the order in which they are applied. */
  readonly tampers: readonly string[];
  readonly seconds: number;
  /** It does not know which database answers, and tries what it has for any. */
  readonly blindfold: boolean;
}

export interface SqlmapOutcome {
  /** It named an injection point. */
  readonly found: boolean;
  /** It read the name of the database's user through it. */
  readonly read: boolean;
  /** Its time was over before it had tried all it knows. */
  readonly cutOff: boolean;
  readonly output: string;
}

/**
 * Runs sqlmap against one target.
 * @throws when it is not installed
 */
export async function runSqlmap(target: SqlmapTarget, effort: SqlmapEffort): Promise<SqlmapOutcome> {
  const folder = mkdtempSync(join(tmpdir(), 'magflock-sqlmap-'));
  const child = spawn(
    'sqlmap',
    [
      ...['-u', target.url, ...target.arguments],
      ...['--batch', '--disable-coloring', '--ignore-stdin', '--flush-session', '--output-dir', folder],
      ...['--level', String(effort.level), '--risk', '3', '--technique', 'BEUSTQ', '--threads', '4'],
      ...['--time-sec', '2', '--timeout', '15', '--retries', '1', '--current-user'],
      ...(effort.blindfold ? [] : ['--dbms', 'PostgreSQL']),
      ...(effort.tampers.length === 0 ? [] : ['--tamper', effort.tampers.join(',')]),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, HOME: folder }, cwd: folder },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  }
  let cutOff = false;
  const timer = setTimeout(() => {
    cutOff = true;
    child.kill('SIGKILL');
  }, effort.seconds * 1000);
  try {
    await once(child, 'close');
  } finally {
    clearTimeout(timer);
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    found: /identified the following injection point/.test(output),
    read: /current user: '?ext_/.test(output),
    cutOff,
    output,
  };
}
