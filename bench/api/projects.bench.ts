import { execFileSync } from 'node:child_process';
import { startDaemon } from '../../test/support/daemon.ts';
import { childPids } from '../support/child-pids.ts';
import { LoadProcess } from '../support/load-process.ts';
import { median } from '../support/median.ts';
import { processCost } from '../support/process-cost.ts';
import { type Figure, report } from '../support/report.ts';

/**
 * Requests spread over many projects, each a database of its own, against the same requests to one of them; then what
 * a thousand idle ones cost in memory and disk.
 */
const short = process.argv.includes('--short');
const spread = short ? 8 : 200;
const idle = short ? 0 : 800;
const rounds = short ? 1 : 3;
const load = { durationMs: short ? 1_000 : 5_000, connections: 32 };
const talk = (text: string): void => void process.stderr.write(`${text}\n`);

const daemon = await startDaemon({ env: { MAGFLOCK_LOG_LEVEL: 'warn' } });
const generator = new LoadProcess();
const figures: Figure[] = [];

const control = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
  const { status, json } = await daemon.control(method, `/control/v1${path}`, body);
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(json)}`);
  return json as Answer;
};

/** Memory of daemon and server in MiB, as a sum of what each process has for itself and shares in part. */
function memory(): number {
  return processCost([daemon.pid, ...childPids(daemon.pid)]).memoryMegabytes;
}

function diskMegabytes(): number {
  return Number(execFileSync('du', ['-sm', daemon.dataDir], { encoding: 'utf8' }).split('\t')[0]);
}

try {
  const variants: { prefix: string; header: string }[] = [];
  const emptyDisk = diskMegabytes();
  const started = performance.now();
  for (let index = 0; index < spread; index += 1) {
    const ref = `p${index}`;
    await control('POST', '/projects', { ref });
    await control('POST', '/sql', {
      project: ref,
      text: `create table item (id integer primary key, name text not null);
        insert into item select i, 'item ' || i from generate_series(1, 100) i;
        alter table item enable row level security; create policy p on item for select to anon using (id > 0);
        grant select on item to anon; analyze item`,
    });
    const { key } = await control<{ key: string }>('POST', `/keys?project=${ref}`, { role: 'anon' });
    variants.push({ prefix: `/p/${ref}/rest/v1`, header: `apikey: ${key}` });
    if (index % 50 === 49) talk(`${index + 1} projects`);
  }
  talk(`${spread} projects made in ${((performance.now() - started) / 1000).toFixed(0)} s`);
  const run = async (chosen: typeof variants): Promise<number> => {
    const result = await generator.run({
      host: '127.0.0.1',
      port: Number(new URL(daemon.url).port),
      headers: [],
      template: '/item?id=eq.{key}',
      keys: 100,
      variants: chosen,
      ...load,
    });
    if (Object.keys(result.failures).length > 0) throw new Error(JSON.stringify(result.failures));
    return result.perSecond;
  };
  const one: number[] = [];
  const many: number[] = [];
  await run(variants.slice(0, 1));
  await run(variants);
  for (let round = 0; round < rounds; round += 1) {
    one.push(await run(variants.slice(0, 1)));
    many.push(await run(variants));
    talk(`one project ${one.at(-1)?.toFixed(0)}/s, ${spread} projects ${many.at(-1)?.toFixed(0)}/s`);
  }
  figures.push({
    measure: `read by key, requests spread over ${spread} projects, per second`,
    peer: 'one project',
    value: median(many),
    peerValue: median(one),
    ratio: median(many) / median(one),
    goal: short ? 'reported' : '>= 0.7',
    ok: short ? null : median(many) / median(one) >= 0.7,
  });
  const reported = (measure: string, value: number): void =>
    void figures.push({
      measure,
      peer: '-',
      value,
      peerValue: null,
      ratio: null,
      goal: 'reported',
      ok: null,
    });
  reported(`memory after requests to ${spread} projects (sum of RSS), MiB`, memory());
  for (let index = 0; index < idle; index += 1) {
    await control('POST', '/projects', { ref: `idle${index}` });
    if (index % 100 === 99) talk(`${spread + index + 1} projects`);
  }
  if (idle > 0) {
    const after = await run(variants.slice(0, 1));
    reported(`read by key in one of ${spread + idle} projects, per second`, after);
    reported(`memory with ${spread + idle} projects (sum of RSS), MiB`, memory());
  }
  reported(`disk of each project, MiB`, (diskMegabytes() - emptyDisk) / (spread + idle));
  report(figures);
} finally {
  generator.stop();
  await daemon.stop();
}
