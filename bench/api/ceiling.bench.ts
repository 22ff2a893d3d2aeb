import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../support/median.ts';
import { type Figure, report } from '../support/report.ts';
import { openTarget } from './open-target.ts';
import { rows, workloads } from './workloads.ts';

/**
 * What the database alone can do: pgbench with the statements of the rival with row security, prepared, in one
 * pipeline per transaction, and the share of it that arrives through HTTP.
 */
const short = process.argv.includes('--short');
const seconds = short ? 2 : 5;
const rounds = short ? 1 : 3;

/** Debian's, or one on the path. */
function findPgbench(): string | undefined {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort().reverse() : [];
  return [...versions.map((version) => join(debian, version, 'bin', 'pgbench')), '/usr/bin/pgbench'].find(
    existsSync,
  );
}

const selects = [
  `select coalesce(json_agg(t), '[]')::text as body from (select * from item where id = :key) t;`,
  `select coalesce(json_agg(t), '[]')::text as body from (select * from item where id >= :key order by id limit 20) t;`,
];

const pgbench = findPgbench();
if (pgbench === undefined) {
  process.stderr.write('skipped: pgbench is not installed (Debian: postgresql-contrib)\n');
  report([]);
} else {
  await using target = await openTarget();
  const { generator, magflock, databaseUrl } = target;
  // pgbench prepares as its login: that one has to see the tables, and may then act as `anon` like the lanes.
  await target.asSuperuser(`grant anon to ${new URL(databaseUrl).username}`);
  const folder = mkdtempSync(join(tmpdir(), 'magflock-pgbench-'));
  const figures: Figure[] = [];
  const top = async (select: string): Promise<number> => {
    const file = join(folder, 'script.sql');
    writeFileSync(
      file,
      `\\set key random(1, ${rows - 20})
\\startpipeline
begin;
select set_config('role', 'anon', true), set_config('request.jwt.claims', '{"role":"anon"}', true);
${select}
commit;
\\endpipeline
`,
    );
    const child = spawn(
      pgbench,
      ['-n', '-M', 'prepared', '-c', '8', '-j', '1', '-T', String(seconds), '-f', file, '-d', databaseUrl],
      // What it says about each pipeline on its other output is too much to keep.
      { stdio: ['ignore', 'pipe', 'ignore'] },
    );
    let stdout = '';
    child.stdout.on('data', (chunk: Buffer) => {
      stdout += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number | null];
    if (code !== 0) throw new Error(`pgbench ended with ${code}`);
    return Number(/tps = ([\d.]+)/.exec(stdout)?.[1]);
  };
  try {
    for (const [index, select] of selects.entries()) {
      const workload = workloads[index] as (typeof workloads)[number];
      await magflock.run(generator, workload, { durationMs: 1_000, connections: 32 });
      const ours: number[] = [];
      const theirs: number[] = [];
      for (let round = 0; round < rounds; round += 1) {
        theirs.push(await top(select));
        ours.push(
          (await magflock.run(generator, workload, { durationMs: seconds * 1_000, connections: 32 }))
            .perSecond,
        );
        process.stderr.write(
          `${workload.name}: ${ours.at(-1)?.toFixed(0)}/s of ${theirs.at(-1)?.toFixed(0)}/s\n`,
        );
      }
      figures.push({
        measure: `${workload.name}, share of what the database can do alone`,
        peer: 'pgbench, 8 connections, pipelined',
        value: median(ours),
        peerValue: median(theirs),
        ratio: median(ours) / median(theirs),
        goal: 'reported',
        ok: null,
      });
    }
    report(figures);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
