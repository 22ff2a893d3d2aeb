import { median } from '../support/median.ts';
import { type Figure, report } from '../support/report.ts';
import { openTarget } from './open-target.ts';
import { workloads } from './workloads.ts';

/** Reads by key at half load, without and with statements of two seconds beside them. */
const short = process.argv.includes('--short');
const rounds = short ? 1 : 4;
const durationMs = short ? 2_000 : 6_000;
const load = { durationMs, connections: 16, ratePerSecond: short ? 500 : 1_500 };
const slowOnes = 3;

await using target = await openTarget();
const { daemon, generator, magflock } = target;
await daemon.sql(`create function slow() returns int language sql as 'select 1 from pg_sleep(2)';
  grant execute on function slow() to anon`);
const byKey = workloads[0] as (typeof workloads)[number];

/** Calls the slow function again and again until told to stop; answers how many calls were answered. */
function slowCallers(): { stop(): Promise<number> } {
  let running = true;
  let answered = 0;
  const callers = Array.from({ length: slowOnes }, async () => {
    while (running) {
      const answer = await fetch(`${daemon.url}/rest/v1/rpc/slow`, {
        method: 'POST',
        headers: { apikey: daemon.publicKey },
      });
      if (answer.status !== 200) throw new Error(`the slow function was answered ${answer.status}`);
      answered += 1;
    }
  });
  return {
    async stop() {
      running = false;
      await Promise.all(callers);
      return answered;
    },
  };
}

await magflock.run(generator, byKey, { durationMs: 1_000, connections: 16 });
const alone: number[] = [];
const beside: number[] = [];
let slow = 0;
for (let round = 0; round < rounds; round += 1) {
  alone.push((await magflock.run(generator, byKey, load)).p99);
  const callers = slowCallers();
  beside.push((await magflock.run(generator, byKey, load)).p99);
  slow += await callers.stop();
  process.stderr.write(
    `p99 ${alone.at(-1)?.toFixed(2)} ms alone, ${beside.at(-1)?.toFixed(2)} ms beside slow ones\n`,
  );
}
const ratio = median(beside) / median(alone);
const figure: Figure = {
  measure: `read by key, p99 beside ${slowOnes} statements of 2 s (${slow} answered), ms`,
  peer: 'without them',
  value: median(beside),
  peerValue: median(alone),
  ratio,
  goal: '<= 2.0',
  ok: ratio <= 2,
};
report([figure]);
