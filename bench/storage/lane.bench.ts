import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Pool } from 'pg';
import { settingsStatement } from '../../actors/storage/postgres/pipeline/settings-statement.ts';
import type { Plan } from '../../runtime/protocol/plan.protocol.ts';
import { laneBed } from '../../test/support/postgres-lanes.ts';
import { startCluster } from '../../test/support/test-cluster.ts';
import { median } from '../support/median.ts';
import { type ProcessCost, processCost } from '../support/process-cost.ts';
import { type Figure, report } from '../support/report.ts';

// Reads by key through one lane (one pipelined connection) against node-postgres with the same transaction:
// begin read only, settings, prepared statement, commit. 32 requests in flight, one thread.
// `node bench/storage/lane.bench.ts [--short] [--json]`

const rows = 100_000;
const inFlight = 32;
const short = process.argv.includes('--short');
const perRound = short ? 3_000 : 15_000;
const rounds = short ? 1 : 5;
const sql = `select row_to_json(t)::text as body, 1::bigint as rows
  from (select id, name, amount from public.item where id = $1::int) t`;

const dataDir = mkdtempSync(join(tmpdir(), 'magflock-bench-'));
chmodSync(dataDir, 0o711);
const cluster = await startCluster(dataDir);
const project = await cluster.createProject();
await project.sql(`create table item (id int primary key, name text not null, amount int not null);
  insert into item select i, 'item ' || i, i from generate_series(1, ${rows}) i; analyze item`);

const bed = laneBed(cluster, project.ref);
const plan = (id: string): Plan => ({
  access: 'read',
  operation: 'select',
  table: { schema: 'public', name: 'item' },
  sql,
  parameters: [id],
  parameterColumns: ['id'],
  shape: 'by-key',
  schemaVersion: 1,
  answer: { status: 200, contentType: 'application/json' },
});
const identity = {
  project: project.ref,
  role: 'service_role',
  claims: '{"role":"service_role"}',
  isAnonymous: false,
  keyId: '',
  scopes: {},
} as const;
const login = {
  host: cluster.endpoint.host,
  port: cluster.endpoint.port,
  ...cluster.logins.authenticator(project.ref),
  database: project.database,
};
const pool = new Pool({ ...login, max: 10 });
const settings = settingsStatement('service_role');
const pipelined = new Client({ ...login, pipeline: true });
await pipelined.connect();

let seed = 1;
const randomKey = (): string => {
  seed = (seed * 48271) % 2147483647;
  return String(1 + (seed % rows));
};
const contenders: Record<string, () => Promise<unknown>> = {
  lane: () => bed.lanes.execute(plan(randomKey()), identity, undefined, Date.now() + 30_000),
  async 'pg.Pool(10), transaction'() {
    const client = await pool.connect();
    await client.query('begin read only');
    await client.query({
      name: 'settings',
      text: settings,
      values: [identity.claims, '8000', 'on', 'public, pg_temp'],
    });
    await client.query({ name: 'by-key', text: sql, values: [randomKey()] });
    await client.query('commit');
    client.release();
  },
  async 'pg pipeline, transaction'() {
    void pipelined.query('begin read only');
    void pipelined.query({
      name: 'settings',
      text: settings,
      values: [identity.claims, '8000', 'on', 'public, pg_temp'],
    });
    const answer = pipelined.query({ name: 'by-key', text: sql, values: [randomKey()] });
    void pipelined.query('commit');
    await answer;
  },
  // As the login role there is nothing to read: the owner, with nothing set, is the floor of what a query costs.
  'pg.Pool(10), bare query': () => barePool.query({ name: 'by-key', text: sql, values: [randomKey()] }),
};
const barePool = new Pool({ ...login, ...cluster.logins.owner(project.ref), max: 10 });

// The server ends connections that are still saying goodbye.
for (const one of [pool, barePool]) one.on('error', () => {});

const rates = new Map<string, number[]>();
const costs = new Map<string, number[]>();
for (let round = 0; round <= rounds; round++) {
  for (const [name, run] of Object.entries(contenders)) {
    const before = cost();
    const began = performance.now();
    await drive(run);
    const seconds = (performance.now() - began) / 1000;
    if (round === 0) continue; // connections, prepared statements, compiled code
    rates.set(name, [...(rates.get(name) ?? []), perRound / seconds]);
    costs.set(name, [...(costs.get(name) ?? []), ((cost().cpuSeconds - before.cpuSeconds) / perRound) * 1e6]);
  }
}

const figures: Figure[] = [];
for (const peer of Object.keys(contenders).filter((name) => name !== 'lane')) {
  const goal = peer === 'pg.Pool(10), transaction' ? 1.5 : null;
  figures.push(figure('reads by key per second', peer, rates, goal));
  figures.push(figure('CPU of this process and the server, µs per read', peer, costs, null));
}
report(figures);

await bed.close();
await pool.end();
await barePool.end();
await pipelined.end();
await cluster.stop();
rmSync(dataDir, { recursive: true, force: true });

function figure(measure: string, peer: string, from: Map<string, number[]>, goal: number | null): Figure {
  const value = median(from.get('lane') ?? []);
  const peerValue = median(from.get(peer) ?? []);
  const ratio = value / peerValue;
  return {
    measure,
    peer,
    value,
    peerValue,
    ratio,
    goal: goal === null ? 'none' : `>= ${goal}`,
    ok: goal === null ? null : ratio >= goal,
  };
}

async function drive(run: () => Promise<unknown>): Promise<void> {
  let left = perRound;
  const worker = async (): Promise<void> => {
    while (left-- > 0) await run();
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
}

function cost(): ProcessCost {
  return processCost([process.pid, ...cluster.serverProcesses()]);
}
