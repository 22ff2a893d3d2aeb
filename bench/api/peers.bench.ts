import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { median } from '../support/median.ts';
import { type Figure, report } from '../support/report.ts';
import { Contender } from './contender.ts';
import { openTarget } from './open-target.ts';
import { ddl, type Workload, workloads } from './workloads.ts';

/**
 * Two published servers that make an API of a PostgreSQL database, on the same server with the same data in the same run. They are
 * installed from npm into a throw-away folder, so this runs only where it is asked for: `--peers`, full runs.
 */
const rounds = 3;
const load = { durationMs: 4_000, connections: 32 };
const talk = (text: string): void => void process.stderr.write(`${text}\n`);

interface Peer {
  readonly name: string;
  readonly packages: readonly string[];
  /** Writes its configuration; answers the program to start. */
  configure(folder: string, databaseUrl: string, port: number): readonly string[];
  readonly ready: string;
  /** The path of a workload in its own words; undefined where it has none. */
  path(workload: Workload): string | undefined;
}

const peers: readonly Peer[] = [
  {
    name: '@supabase/lite 0.10.0 on PostgreSQL',
    packages: ['@supabase/lite@0.10.0', 'postgres@3.4.9'],
    configure(folder, databaseUrl, port) {
      mkdirSync(join(folder, 'supabase'));
      const config = `[api]\nport = ${port}\n[db]\ndriver = "postgres"\nurl = "${databaseUrl}"\n[auth]\nenabled = false\n`;
      writeFileSync(join(folder, 'supabase', 'config.toml'), config);
      return ['node_modules/.bin/lite', 'start'];
    },
    ready: '/rest/v1/item?id=eq.1',
    path: ({ path }) => `/rest/v1${path}`,
  },
  {
    name: '@platformatic/db 2.61.0',
    packages: ['@platformatic/db@2.61.0'],
    configure(folder, databaseUrl, port) {
      const config = {
        server: { hostname: '127.0.0.1', port, logger: { level: 'error' } },
        db: { connectionString: databaseUrl, graphql: false, openapi: true },
        watch: false,
      };
      writeFileSync(join(folder, 'platformatic.json'), JSON.stringify(config));
      return ['node_modules/.bin/plt-db', 'start', '-c', 'platformatic.json'];
    },
    ready: '/item/1',
    path: ({ name }) =>
      ({
        'read by key': '/item/{key}',
        'list of 20': '/item/?where.id.gte={key}&orderby.id=asc&limit=20',
      })[name],
  },
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}

async function start(
  peer: Peer,
  folder: string,
  databaseUrl: string,
): Promise<{ child: ChildProcess; port: number }> {
  talk(`installing ${peer.packages.join(' ')}`);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  await promisify(execFile)('npm', ['install', '--no-audit', '--no-fund', ...peer.packages], { cwd: folder });
  const port = await freePort();
  const program = peer.configure(folder, databaseUrl, port);
  const env = { ...process.env, NODE_ENV: 'production', DO_NOT_TRACK: '1' };
  const child = spawn(process.execPath, program, { cwd: folder, env, stdio: 'ignore' });
  for (let tries = 0; tries < 150; tries += 1) {
    const answer = await fetch(`http://127.0.0.1:${port}${peer.ready}`).catch(() => undefined);
    if (answer?.status === 200) return { child, port };
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  child.kill('SIGKILL');
  throw new Error(`${peer.name} did not answer within 30 s`);
}

if (!process.argv.includes('--peers')) {
  talk('skipped: the published servers are installed and measured with --peers');
  report([]);
} else {
  await using target = await openTarget();
  const { generator, magflock } = target;
  // A database of their own on the same server, with the same data: one of them makes a schema `auth` there.
  await target.asSuperuser('create database peers');
  await target.asSuperuser(`${ddl}; analyze`, 'peers');
  const databaseUrl = target.superuserUrl('peers');
  const figures: Figure[] = [];
  for (const peer of peers) {
    const folder = mkdtempSync(join(tmpdir(), 'magflock-peer-'));
    const { child, port } = await start(peer, folder, databaseUrl);
    try {
      for (const workload of workloads) {
        const path = workload.method === 'GET' ? peer.path(workload) : undefined;
        if (path === undefined) continue;
        const contender = new Contender({ name: peer.name, port, pids: [child.pid ?? 0] });
        const ours: number[] = [];
        const theirs: number[] = [];
        for (let round = 0; round <= rounds; round += 1) {
          theirs.push((await contender.run(generator, { ...workload, path }, load)).perSecond);
          ours.push((await magflock.run(generator, workload, load)).perSecond);
        }
        // The first round warms up.
        const [value, peerValue] = [median(ours.slice(1)), median(theirs.slice(1))];
        talk(`${workload.name}: ${value.toFixed(0)}/s against ${peerValue.toFixed(0)}/s of ${peer.name}`);
        figures.push({
          measure: `${workload.name}, requests per second`,
          peer: peer.name,
          value,
          peerValue,
          ratio: value / peerValue,
          goal: '>= 10',
          ok: value / peerValue >= 10,
        });
      }
    } finally {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    }
  }
  report(figures);
}
