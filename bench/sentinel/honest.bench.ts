import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isHarmless } from '../../actors/sentinel/inspect/is-harmless.ts';
import { isPlain } from '../../actors/sentinel/inspect/is-plain.ts';
import { thresholds } from '../../actors/sentinel/sqlguard/thresholds.ts';
import { type Figure, report } from '../support/report.ts';
import { filesLeftOut } from './honest/find-files.ts';
import { honestValues } from './honest/honest-values.ts';
import { percent } from './percent.ts';
import { ShippedJudge } from './shipped-judge.ts';

/**
 * False alarms on a million honest values that are at hand on the machine (`honest/`): signatures alone, and as
 * shipped. `--short` takes a thirtieth of each kind, `--alarms <file>` writes what was blocked as lines of JSON.
 */
const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean' },
    json: { type: 'boolean' },
    peers: { type: 'boolean' },
    alarms: { type: 'string' },
  },
});
const share = flags.short ? 1 / 30 : 1;
const enough = 1_000_000 * share;
const most = { query: 10, body: 1 } as const;
const talk = (line: string): void => void process.stderr.write(`${line}\n`);

/** What is known of one kind of text. */
interface KindCounts {
  values: number;
  harmless: number;
  plain: number;
  query: number;
  body: number;
}

const judge = new ShippedJudge();
const texts = honestValues(share);
const kinds = new Map<string, KindCounts>();
const alarms: string[] = [];
const blocked = { query: 0, body: 0 };
const signed = { query: 0, body: 0 };
for (const { text, kind } of texts) {
  const counts = kinds.get(kind) ?? { values: 0, harmless: 0, plain: 0, query: 0, body: 0 };
  kinds.set(kind, counts);
  counts.values += 1;
  if (isHarmless(text)) counts.harmless += 1;
  else if (isPlain(text)) counts.plain += 1;
  for (const surface of ['query', 'body'] as const) {
    const block = thresholds[surface].block;
    if (judge.guard.inspect(text, surface).score >= block) signed[surface] += 1;
    const { score, signature, model } = judge.judge(text, surface);
    if (score < block) continue;
    counts[surface] += 1;
    blocked[surface] += 1;
    alarms.push(JSON.stringify({ text, surface, score, kind, signature, model }));
  }
}
if (flags.alarms !== undefined) writeFileSync(flags.alarms, alarms.map((line) => `${line}\n`).join(''));

talk(`${texts.length} distinct honest values; harmless and plain ones are not asked of the model`);
for (const [kind, { values, harmless, plain, query, body }] of kinds) {
  const shares = `${percentOf(harmless, values)} % harmless, ${percentOf(plain, values)} % plain`;
  talk(
    `${String(values).padStart(9)} ${kind}: ${shares}; blocked as a parameter ${query}, in a body ${body}`,
  );
}
for (const [what, files] of filesLeftOut) talk(`${String(files).padStart(9)} files left out: ${what}`);
for (const line of alarms.slice(0, 60)) talk(`alarm ${line.slice(0, 300)}`);
if (texts.length < enough)
  talk(
    `only ${texts.length} of ${enough} values are at hand on this machine: figures are scaled to a million`,
  );

const passed = [...kinds.values()].reduce((sum, { harmless, plain }) => sum + harmless + plain, 0);
report([
  million('honest values, parameter, signatures alone', signed.query, most.query),
  million('honest values, body, signatures alone', signed.body, most.body),
  million('honest values, parameter, as shipped', blocked.query, most.query),
  million('honest values, body, as shipped', blocked.body, most.body),
  percent('honest values that pre-filters let through', passed, texts.length, undefined),
]);

function million(measure: string, count: number, goal: number): Figure {
  const scaled = (count / Math.max(1, texts.length)) * 1_000_000;
  return {
    measure: `${measure} (false alarms in a million)`,
    peer: `${count} in`,
    value: scaled,
    peerValue: texts.length,
    ratio: scaled / goal,
    goal: `<= ${goal}`,
    ok: texts.length === 0 ? null : scaled <= goal,
  };
}

function percentOf(part: number, whole: number): string {
  return ((part / whole) * 100).toFixed(0);
}
