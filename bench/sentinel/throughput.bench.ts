import { inspectValue } from '../../actors/sentinel/inspect/inspect-value.ts';
import { SqlGuard } from '../../actors/sentinel/inspect/sql-guard.ts';
import { readRows } from '../../test/sentinel/support/read-rows.ts';
import { startDaemon } from '../../test/support/daemon.ts';
import { childPids } from '../support/child-pids.ts';
import type { LoadResult } from '../support/load.ts';
import { LoadProcess } from '../support/load-process.ts';
import { median } from '../support/median.ts';
import { processCost } from '../support/process-cost.ts';
import { type Figure, report } from '../support/report.ts';

/**
 * MagGate reads with the models on and off: lists with a filter, of which 30 % search for a free text that nobody has
 * sent before. The same daemon, the same load, rounds in turn (A B B A), so that a drifting machine hits both.
 */
const short = process.argv.includes('--short');
const rounds = short ? 1 : 5;
const durationMs = short ? 2_000 : 5_000;
const connections = 32;
const rows = 100_000;
const variants = 4_000;
const newTextShare = 0.3;
const perSource = 400;
/** The number makes each text a new one. */
const template = '{key}&id=gte.{key}&limit=20';

interface Sample extends LoadResult {
  readonly cpuMicrosPerRequest: number;
}

const texts = honestTexts();
const guard = new SqlGuard();
const judged = texts.filter(
  (text) => inspectValue(guard, encodeURIComponent(`${text} 7`), 'query').needsModel,
);
const talk = (text: string): void => void process.stderr.write(`${text}\n`);
talk(`${texts.length} honest texts, of which models are asked about ${judged.length}`);

const daemon = await startDaemon({
  env: {
    MAGFLOCK_LOG_LEVEL: 'warn',
    // One address sends what is otherwise sent by thousands: a false alarm is a failure here, not a block.
    MAGFLOCK_SENTINEL_BLOCK_AFTER: '0',
    MAGFLOCK_SENTINEL_THROTTLE_PER_MINUTE: '100000',
  },
});
const generator = new LoadProcess();
try {
  talk(`filling ${rows} rows`);
  await daemon.sql(`create table item (id integer primary key, name text not null, price numeric(10,2) not null,
      album_id integer not null, note text, created_at timestamptz not null default now());
    insert into item select i, 'item ' || i, (i % 1000) / 7.0, i % 300, md5(i::text), now() from generate_series(1, ${rows}) i;`);
  await daemon.sql('vacuum analyze item');
  const headers = [`X-API-Key: ${await daemon.createKey('service_role')}`, 'User-Agent: bench'];
  const chosen = Array.from({ length: variants }, (_, at) => ({
    prefix: `/api/item?note=neq.${
      at < variants * newTextShare
        ? `${encodeURIComponent(texts[(at * 7) % texts.length] as string)}%20`
        : 'word'
    }`,
    header: 'Accept: application/json',
  }));

  const run = async (models: boolean, ms: number): Promise<Sample> => {
    await turn(models);
    const pids = childPids(daemon.pid);
    const before = processCost(pids);
    const result = await generator.run({
      host: '127.0.0.1',
      port: Number(new URL(daemon.url).port),
      connections,
      durationMs: ms,
      headers,
      template,
      keys: rows - 20,
      variants: chosen,
    });
    const cpu = processCost(pids).cpuSeconds - before.cpuSeconds;
    const refused = Object.values(result.failures).reduce((sum, count) => sum + count, 0);
    const sample = { ...result, cpuMicrosPerRequest: (cpu * 1e6) / result.requests };
    talk(
      `models ${models ? 'on ' : 'off'} ${result.perSecond.toFixed(0).padStart(7)}/s  p50 ${result.p50.toFixed(2)} ms  p99 ${result.p99.toFixed(2)} ms  CPU ${sample.cpuMicrosPerRequest.toFixed(0)} µs/request  refused ${refused} of ${result.requests} ${JSON.stringify(result.failures)}`,
    );
    return sample;
  };

  const samples = { on: [] as Sample[], off: [] as Sample[] };
  for (const models of [true, false]) await run(models, short ? 1_000 : 3_000);
  for (let round = 0; round < rounds; round += 1) {
    for (const models of [true, false, false, true]) {
      samples[models ? 'on' : 'off'].push(await run(models, durationMs));
    }
  }
  report([
    figure(
      'requests per second',
      (sample) => sample.perSecond,
      '>= 0.9',
      (ratio) => ratio >= 0.9,
    ),
    figure('p50, milliseconds', (sample) => sample.p50),
    figure('p99, milliseconds', (sample) => sample.p99),
    figure('CPU of daemon and PostgreSQL, microseconds per request', (sample) => sample.cpuMicrosPerRequest),
    figure('requests refused falsely, percent', refusedPercent),
  ]);

  function figure(
    measure: string,
    pick: (sample: Sample) => number,
    goal = 'reported',
    ok: (ratio: number) => boolean | null = () => null,
  ): Figure {
    const value = median(samples.on.map(pick));
    const peerValue = median(samples.off.map(pick));
    // Of each round by itself: what else the machine does changes from round to round.
    const ratio = median(
      Array.from({ length: rounds }, (_, round) => {
        const sum = (all: readonly Sample[]): number =>
          all.slice(2 * round, 2 * round + 2).reduce((total, sample) => total + pick(sample), 0);
        return sum(samples.on) / sum(samples.off);
      }),
    );
    return {
      measure: `reads, 30 % with a new text: ${measure}`,
      peer: 'models off',
      value,
      peerValue,
      ratio,
      goal,
      ok: ok(ratio),
    };
  }
} finally {
  generator.stop();
  await daemon.stop();
}

/** Switches the models while the daemon runs. */
async function turn(models: boolean): Promise<void> {
  const { status, json } = await daemon.control('POST', '/control/v1/settings', {
    name: 'sentinel.models',
    value: String(models),
  });
  if (status >= 300) throw new Error(JSON.stringify(json));
}

function refusedPercent({ failures, requests }: LoadResult): number {
  const refused = Object.values(failures).reduce((sum, count) => sum + count, 0);
  return (refused / (refused + requests)) * 100;
}

/** Values with a blank in them, as many of each source that is read in place. */
function honestTexts(): readonly string[] {
  const found: string[] = [];
  for (const all of readRows(['benign']).values()) {
    const free = all.filter(({ kind, text }) => kind === 'param' && text.includes(' ') && text.length <= 400);
    const step = Math.max(1, Math.floor(free.length / perSource));
    for (let at = 0; at < free.length && at / step < perSource; at += step) {
      found.push((free[at] as { text: string }).text.toWellFormed());
    }
  }
  return found;
}
