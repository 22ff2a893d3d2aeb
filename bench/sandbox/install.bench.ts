import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDaemon } from '../../test/support/daemon.ts';
import { figureOf } from '../runtime/support/figure-of.ts';
import { report } from '../support/report.ts';
import { packedHook } from './support/packed-hook.ts';

// A thousand installs and removals: nothing may stay behind, neither memory nor processes, open files or files.
const short = process.argv.includes('--short');
const times = short ? 40 : 1_000;
const warm = short ? 10 : 200;

interface Left {
  readonly megabytes: number;
  readonly files: number;
  readonly processes: number;
  readonly folders: number;
}

const daemon = await startDaemon({ env: { MAGFLOCK_LOG_LEVEL: 'warn' } });
const hook = await packedHook('comer', ['create']);
try {
  const act = async (method: string, path: string, body?: unknown): Promise<void> => {
    const { status, json } = await daemon.control(method, `/control/v1${path}`, body);
    if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  };
  await daemon.sql('create table item (id serial primary key, name text)');
  const key = await daemon.createKey('service_role');
  const once = async (): Promise<void> => {
    await act('POST', '/extensions/install', {
      file: hook.file,
      projects: ['main'],
      grants: [],
      allowUnsigned: true,
    });
    const answer = await fetch(`${daemon.url}/api/item`, {
      method: 'POST',
      headers: { 'X-API-Key': key, 'Content-Type': 'application/json' },
      body: '{"name":"x"}',
    });
    if (answer.status !== 201) throw new Error(`${answer.status} ${await answer.text()}`);
    await answer.arrayBuffer();
    await act('DELETE', '/extensions/bench.comer');
  };
  for (let index = 0; index < warm; index++) await once();
  const before = await leftOf(daemon.pid, daemon.dataDir);
  const startedAt = performance.now();
  for (let index = 0; index < times; index++) await once();
  const each = (performance.now() - startedAt) / times;
  const after = await leftOf(daemon.pid, daemon.dataDir);
  const row = (measure: string, value: number, atMost: number | undefined) =>
    figureOf({
      measure,
      samples: [value],
      ...(atMost === undefined ? {} : { goal: { of: 'value', atMost } as const }),
    });
  report([
    row(
      `${times} installs and removals: memory of the daemon grown, MiB`,
      after.megabytes - before.megabytes,
      48,
    ),
    row(`${times} installs and removals: open files and ports left`, after.files - before.files, 8),
    row(`${times} installs and removals: processes left`, after.processes - before.processes, 0),
    row(`${times} installs and removals: files left`, after.folders - before.folders, 0),
    row('one install, a first call and a removal, ms', each, undefined),
  ]);
} finally {
  hook.remove();
  await daemon.stop();
}

/** What the daemon and its descendants hold once they are quiet. */
async function leftOf(pid: number, dataDir: string): Promise<Left> {
  await sleep(3_000);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return {
    megabytes: Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024,
    files: readdirSync(`/proc/${pid}/fd`).length,
    processes: cagesOf(pid),
    folders: countFiles(join(dataDir, 'extensions')),
  };
}

/** Processes whose parent is the daemon, without PostgreSQL's, of which there is always one. */
function cagesOf(pid: number): number {
  return readdirSync('/proc').filter((name) => {
    if (!/^\d+$/.test(name)) return false;
    try {
      return Number(readFileSync(`/proc/${name}/stat`, 'utf8').split(') ')[1]?.split(' ')[1]) === pid;
    } catch {
      return false;
    }
  }).length;
}

function countFiles(folder: string): number {
  return existsSync(folder) ? readdirSync(folder, { recursive: true }).length : 0;
}
