import { SqlGuard } from '../../actors/sentinel/inspect/sql-guard.ts';
import { thresholds } from '../../actors/sentinel/inspect/thresholds.ts';
import { allAttacks } from '../../test/sentinel/support/attacks.ts';
import { encode, facts, isBlocked } from '../../test/sentinel/support/judge.ts';
import { encodings, spellings } from '../../test/sentinel/support/mutations.ts';
import { hasRows, type Row, readRows, rowsFolder } from '../../test/sentinel/support/read-rows.ts';
import { type Figure, report } from '../support/report.ts';
import { timeRequests, timeValues } from './time-values.ts';

/**
 * SQLGuard's signatures on the data beside the repository: detection and false alarms per source, as a parameter and
 * as a string of a body, and what a value costs. `npm run bench:sentinel` or `node bench/sentinel/signatures.bench.ts`.
 */
const guard = new SqlGuard();
const figures: Figure[] = [];

if (hasRows()) measureSources();
else process.stderr.write(`skipped: no data in ${rowsFolder}; times only\n`);
measureSpellings();
figures.push(...timeRequests(guard), ...timeValues(guard));
report(figures);

function measureSources(): void {
  const parameters: Row[] = [];
  const found: number[] = [];
  const alarms: number[] = [];
  for (const [name, rows] of readRows()) {
    for (const label of ['sqli', 'benign'] as const) {
      const chosen = rows.filter((row) => row.label === label);
      if (chosen.length === 0) continue;
      // Whole statements are honest in a body; as a parameter they are none of this agent's business.
      if (chosen[0]!.kind === 'query') {
        if (label === 'benign') add(`false alarms, body: ${name}`, chosen, 'body', 0.1);
        continue;
      }
      parameters.push(...chosen);
      if (label === 'sqli') found.push(add(`detection, parameter: ${name}`, chosen, 'header', 90));
      else alarms.push(add(`false alarms, parameter: ${name}`, chosen, 'header', 0.5));
      if (label === 'benign') add(`false alarms, body: ${name}`, chosen, 'body', 0.1);
    }
  }
  const attacks = parameters.filter((row) => row.label === 'sqli');
  const honest = parameters.filter((row) => row.label === 'benign');
  add('detection, parameter: all', attacks, 'header', 97);
  add('false alarms, parameter: all', honest, 'header', 0.1);
  figures.push(percent('detection, parameter: mean of sources', mean(found), found.length, 'sources', 90));
  figures.push(
    percent('false alarms, parameter: mean of sources', mean(alarms), alarms.length, 'sources', 0.5),
  );
}

/** Our own attacks in every encoding and spelling of the mutation tests, and behind padding. */
function measureSpellings(): void {
  const texts = allAttacks.map(({ text }) => text);
  const encoded = Object.values(encodings).flatMap((mutate) => texts.map((text) => mutate(text)));
  const spelled = Object.values(spellings).flatMap((mutate) => texts.map((text) => encode(mutate(text))));
  const padded = [8, 32, 128].flatMap((size) => texts.map((text) => encode(' '.repeat(size * 1024) + text)));
  for (const [what, values] of [
    ['13 encodings', encoded],
    ['14 spellings', spelled],
    ['8 to 128 KB of blanks before', padded],
  ] as const) {
    const found = values.filter((value) => isBlocked(facts({ query: `id=${value}` }))).length;
    const share = (found / values.length) * 100;
    figures.push(percent(`detection, own attacks: ${what}`, share, values.length, `${found} of`, 99));
  }
}

/** Adds the share of rows that would be blocked, in percent, and answers it. */
function add(measure: string, rows: readonly Row[], surface: 'header' | 'body', goal: number): number {
  const threshold = thresholds[surface].block;
  const flagged = rows.filter(({ text }) => guard.inspect(text, surface).score >= threshold).length;
  const share = (flagged / rows.length) * 100;
  figures.push(percent(measure, share, rows.length, `${flagged} of`, goal));
  return share;
}

function percent(measure: string, share: number, count: number, of: string, goal: number): Figure {
  const detection = measure.startsWith('detection');
  return {
    measure: `${measure} (%)`,
    peer: of,
    value: share,
    peerValue: count,
    ratio: share / goal,
    goal: detection ? `>= ${goal} %` : `<= ${goal} %`,
    ok: detection ? share >= goal : share <= goal,
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
