import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { compileDataSchema } from '../../extensions/maggate/schema-cache/compile-data-schema.ts';
import { SchemaKeeper } from '../../extensions/maggate/schema-cache/schema-keeper.ts';
import type { SchemaDelta } from '../../extensions/maggate/schema-cache/schema-store.ts';
import { fakeContext } from '../../extensions/sdk/testing/fake-context.ts';
import type { Catalog } from '../../runtime/protocol/catalog.ts';
import { startCluster } from '../../test/support/test-cluster.ts';
import { median } from '../support/median.ts';
import { type Figure, report } from '../support/report.ts';

// From DDL to every CPU thread, on a schema of a thousand tables: where the time goes, and what 200 statements at
// once do to it. Storage, MagGate's owner side and two threads with the replicas' store; every hop clones.
// `node bench/maggate/schema-cache.bench.ts [--short] [--json]`

const short = process.argv.includes('--short');
const rounds = short ? 3 : 15;
const tables = 1000;
const threads = 2;

const dataDir = mkdtempSync(join(tmpdir(), 'magflock-bench-'));
chmodSync(dataDir, 0o711);
let changed = (_project: string): void => {};
const cluster = await startCluster(dataDir, { schemaChanged: (project) => changed(project) });
const project = await cluster.createProject();
await project.sql(`
  create type mood as enum ('sad', 'ok');
  do $$ begin
    for i in 1..${tables} loop
      execute format('create table t%s (id bigint generated always as identity primary key,
        name varchar(100) not null default ''x'', status mood, a int, b text[], c jsonb, d timestamptz default now(),
        e boolean not null default false, parent_id bigint references t%s, other_id bigint references t%s)',
        i, greatest(1, i / 2), greatest(1, i - 1));
      if i % 10 = 0 then
        execute format('create view v%s as select t.id, t.parent_id, o.name from t%s t join t%s o on o.id = t.other_id', i, i, i / 2);
      end if;
    end loop;
  end $$`);

const workers = Array.from(
  { length: threads },
  () => new Worker(new URL('./schema-cache.worker.ts', import.meta.url)),
);
await Promise.all(workers.map((worker) => once(worker, 'online')));
let busyMs = 0;
let newest = 0;
async function push(message: object): Promise<void> {
  const answers = workers.map(async (worker) => {
    const answered = once(worker, 'message');
    worker.postMessage(message);
    const [{ tables: seen, busyMs: took }] = await answered;
    busyMs = Math.max(busyMs, took);
    newest = seen;
  });
  await Promise.all(answers);
}

const reads: number[] = [];
const keeper = new SchemaKeeper({
  ...fakeContext({}),
  catalog: {
    async read(ref, known) {
      const began = performance.now();
      const catalog = await cluster.storage.catalog(ref, structuredClone(known));
      reads.push(performance.now() - began);
      return structuredClone(catalog); // from Storage's thread to MagGate's
    },
    async watch(ref, notify) {
      changed = (one) => {
        if (one === ref) notify();
      };
      await cluster.storage.watch(ref);
    },
  },
  publish: (delta) => push({ delta: delta as SchemaDelta }),
});

function timed<T>(work: () => T): { readonly ms: number; readonly value: T } {
  const began = performance.now();
  const value = work();
  return { ms: performance.now() - began, value };
}

const figures: Figure[] = [];
function figure(
  measure: string,
  value: number,
  goal: number | undefined,
  peer = '',
  peerValue: number | null = null,
) {
  figures.push({
    measure,
    peer,
    value,
    peerValue,
    ratio: goal === undefined ? null : goal / value,
    goal: goal === undefined ? 'none' : `under ${goal}`,
    ok: goal === undefined ? null : value < goal,
  });
}

// The start: nothing is known anywhere.
const began = performance.now();
await keeper.begin(project.ref);
const startMs = performance.now() - began;
const catalog = keeper.get(project.ref) as Catalog;
figure(`start with ${tables} tables, ms`, startMs, 2000, 'of that reading, ms', reads[0] ?? 0);
figure('  in a thread: merging and compiling everything, ms', busyMs, 100);
figure('  JSON of the catalogue, MB', JSON.stringify(catalog).length / 1e6, undefined);
figure('  a clone of it, ms', timed(() => structuredClone(catalog)).ms, undefined);
const cold = timed(() => compileDataSchema(structuredClone(catalog))).ms;
const warm = median(Array.from({ length: 5 }, () => timed(() => compileDataSchema(catalog)).ms));
figure('  clone and compile from nothing, ms', cold, undefined, 'compile, nothing changed, ms', warm);

// One statement, from its commit to the last thread.
const visible: number[] = [];
reads.length = 0;
busyMs = 0;
for (let round = 0; round < rounds; round += 1) {
  const before = newest;
  await new Promise((resolve) => setTimeout(resolve, 400)); // a burst is a different case
  await project.sql(`create table fresh_${round} (id int primary key, t bigint references t1)`);
  const committed = performance.now();
  while (newest === before) await new Promise((resolve) => setTimeout(resolve, 1));
  visible.push(performance.now() - committed);
}
figure('DDL to every thread, ms (median)', median(visible), 300, 'of that reading, ms', median(reads));
figure('DDL to every thread, ms (slowest)', Math.max(...visible), undefined);
figure('  in a thread: merging and compiling, ms (slowest)', busyMs, undefined);

// Two hundred statements by eight sessions: how long a thread is kept, and how soon the last one is there.
reads.length = 0;
busyMs = 0;
const sessions = await Promise.all(
  Array.from({ length: 8 }, () => cluster.connect(cluster.logins.owner(project.ref), project.database)),
);
const goal = newest + 200;
await Promise.all(
  sessions.map(async (session, index) => {
    for (let count = 0; count < 25; count += 1) {
      await session.query(`create table burst_${index}_${count} (id int primary key)`);
    }
  }),
);
const done = performance.now();
while (newest < goal) await new Promise((resolve) => setTimeout(resolve, 1));
figure(
  '200 statements at once: the last in every thread, ms',
  performance.now() - done,
  1000,
  'reads',
  reads.length,
);
figure('  a thread is kept at most, ms', busyMs, 100);

keeper.stop();
await Promise.all([
  ...workers.map((worker) => worker.terminate()),
  ...sessions.map((session) => session.end()),
]);
await cluster.stop();
rmSync(dataDir, { recursive: true, force: true });
report(figures);
