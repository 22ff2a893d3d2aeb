import { inspectRequest } from '../../actors/sentinel/inspect/inspect-request.ts';
import { isHarmless } from '../../actors/sentinel/inspect/is-harmless.ts';
import { isPlain } from '../../actors/sentinel/inspect/is-plain.ts';
import type { SqlGuard } from '../../actors/sentinel/inspect/sql-guard.ts';
import { allAttacks } from '../../test/sentinel/support/attacks.ts';
import { honest } from '../../test/sentinel/support/honest.ts';
import { facts } from '../../test/sentinel/support/judge.ts';
import { hasRows, readRows } from '../../test/sentinel/support/read-rows.ts';
import type { Figure } from '../support/report.ts';

const userAgent =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36';
const ordinaryHeaders = {
  host: '127.0.0.1:8080',
  'user-agent': userAgent,
  accept: 'application/json',
  'accept-encoding': 'gzip, deflate, br',
  'accept-language': 'en-US,en;q=0.9',
  'x-api-key': 'ak_sec_main_0123456789',
  connection: 'keep-alive',
};

/** Whole requests, in microseconds: the best of several rounds, since a busy machine only ever adds. */
export function timeRequests(guard: SqlGuard): Figure[] {
  let number = 0;
  const plain = (): void => {
    number += 1;
    inspectRequest(guard, facts({ path: `/api/track/${number}`, headers: ordinaryHeaders }));
  };
  const list = (): void => {
    number += 1;
    const query = `album_id=${number}&fields=name,milliseconds&sort=name:asc&limit=20`;
    inspectRequest(guard, facts({ query, headers: ordinaryHeaders }));
  };
  const search = (): void => {
    number += 1;
    inspectRequest(
      guard,
      facts({ query: `q=rock%20and%20roll%20${number}&limit=20`, headers: ordinaryHeaders }),
    );
  };
  const identifier = '0190a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b';
  const sentence =
    'Where the river meets the sea, people from all over the town come to look at the boats in the sun.  ';
  if (!isPlain(sentence)) throw new Error('the sentence must be a plain one');
  return [
    micro('inspect GET /api/track/5, ordinary headers (µs)', best(plain), 5),
    micro('inspect a list with four parameters (µs)', best(list), 10),
    micro('inspect a new text to search for (µs)', best(search), 15),
    micro(
      'pre-filter of a number (µs)',
      best(() => void isHarmless('1234567')),
      1,
    ),
    micro(
      'pre-filter of a uuid (µs)',
      best(() => void isHarmless(identifier)),
      1,
    ),
    micro(
      'both pre-filters on a plain sentence of 100 characters (µs)',
      best(() => void (isHarmless(sentence) || isPlain(sentence))),
      2,
    ),
  ];
}

/** Single values, each new to the cache, and a megabyte made to be slow. */
export function timeValues(guard: SqlGuard): Figure[] {
  const texts = hasRows()
    ? [...readRows(['benign'])].flatMap(([, rows]) =>
        rows.filter(({ kind }) => kind === 'param').map(({ text }) => text),
      )
    : Object.values(honest).flat();
  const times = distribution((text) => guard.inspect(text, 'header'), texts);
  const attackTimes = distribution(
    (text) => guard.inspect(text, 'header'),
    allAttacks.map(({ text }) => text),
  );
  const filterTimes = distribution((text) => isHarmless(text) || isPlain(text), texts);
  const megabyte = "1 or 'a (b,2.5) union x; ".repeat(41_944);
  if (guard.inspect(megabyte, 'query').score > 0) throw new Error('the megabyte must be read to its end');
  return [
    micro('both pre-filters, an honest value, p50 (µs)', filterTimes.p50, 1),
    micro('both pre-filters, an honest value, p99 (µs)', filterTimes.p99, 5),
    micro('an honest value, not cached, p50 (µs)', times.p50, 5),
    micro('an honest value, not cached, p99 (µs)', times.p99, 50),
    micro('an attack, not cached, p50 (µs)', attackTimes.p50, 20),
    micro(
      '1 MB of half payloads as a parameter (CPU ms)',
      cpu(() => guard.inspect(megabyte, 'query')),
      20,
    ),
    micro(
      '1 MB of half payloads in a body (CPU ms)',
      cpu(() => guard.inspect(megabyte, 'body')),
      20,
    ),
  ];
}

function distribution(
  run: (text: string) => unknown,
  texts: readonly string[],
): { readonly p50: number; readonly p99: number } {
  const chosen = texts.filter((_, at) => at % Math.max(1, Math.floor(texts.length / 20_000)) === 0);
  for (const text of chosen) run(`${text} `);
  const times = new Float64Array(chosen.length);
  for (const [at, text] of chosen.entries()) {
    // A blank more or less makes it a value the cache has not seen.
    const fresh = ` ${text}`;
    const started = process.hrtime.bigint();
    run(fresh);
    times[at] = Number(process.hrtime.bigint() - started) / 1000;
  }
  times.sort();
  return { p50: times[Math.floor(times.length / 2)]!, p99: times[Math.floor(times.length * 0.99)]! };
}

/** Microseconds a call, the best of `rounds` rounds. */
function best(run: () => void, rounds = 9, calls = 20_000): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round <= rounds; round += 1) {
    const started = process.hrtime.bigint();
    for (let call = 0; call < calls; call += 1) run();
    least = Math.min(least, Number(process.hrtime.bigint() - started) / 1000 / calls);
  }
  return least;
}

/** Milliseconds of processor time a call, the best of several: what else runs on the machine does not count. */
function cpu(run: () => void): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 15; round += 1) {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    least = Math.min(least, (user + system) / 1000);
  }
  return least;
}

function micro(measure: string, value: number, goal: number): Figure {
  return {
    measure,
    peer: 'goal',
    value,
    peerValue: goal,
    ratio: value / goal,
    goal: `<= ${goal}`,
    ok: value <= goal,
  };
}
