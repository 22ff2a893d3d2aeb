import { parseArgs } from 'node:util';
import { attackValue } from '../../actors/sentinel/training/attack-grammar.ts';
import { encodings } from '../../actors/sentinel/training/encode-text.ts';
import { evaluateModels } from '../../actors/sentinel/training/evaluate.ts';
import { mutateAttack } from '../../actors/sentinel/training/mutate-attack.ts';
import { Random } from '../../actors/sentinel/training/random.ts';
import { hasRows, type Row, readRows, rowsFolder } from '../../test/sentinel/support/read-rows.ts';
import { type Figure, report } from '../support/report.ts';
import { cardFigures } from './card-figures.ts';
import { percent } from './percent.ts';
import { ShippedJudge } from './shipped-judge.ts';
import { timeInference } from './time-inference.ts';

/**
 * The models of SQLGuard: what their card says of folds by file (or, with `--folds`, those trained and measured again),
 * and measured now, as shipped: detection, encodings, padding, fuzzing, and what an inference costs.
 */
const { values: flags } = parseArgs({
  options: {
    short: { type: 'boolean' },
    json: { type: 'boolean' },
    peers: { type: 'boolean' },
    folds: { type: 'boolean' },
  },
});
const talk = (line: string): void => void process.stderr.write(`${line}\n`);
const perSource = flags.short ? 200 : 3000;
const fuzzed = flags.short ? 2 : 12;
const rounds = 100;
const mutants = 20;
const longestMutant = 1500;
const paddings = ['a', ' ', '0', 'lorem ipsum ', "it's a 'fine' day (really); ", '/**/', '%00'] as const;

const judge = new ShippedJudge();
const random = new Random(20_261_121);
const figures: Figure[] = [];
if (flags.folds && hasRows())
  figures.push(...cardFigures(evaluateModels(undefined, 1, talk), 'folds, trained now'));
else figures.push(...cardFigures(undefined, 'folds, card'));
if (hasRows()) measureShipped();
else talk(`skipped: no data in ${rowsFolder}; attacks of the grammar and times only`);
measureGrammar();
figures.push(...(await timeInference(judge, flags.short === true)));
report(figures);

function measureShipped(): void {
  const attacks = new Map<string, readonly Row[]>();
  for (const [name, rows] of readRows(['sqli'])) {
    const values = rows.filter(({ kind }) => kind === 'param');
    if (values.length > 0) attacks.set(name, random.shuffle(values).slice(0, perSource));
  }
  const all = [...attacks.values()].flat().map(({ text }) => text);
  // The shipped model has learned from these: that it finds them says little; folds are what counts.
  share('detection, shipped model, seen in training: data', all, undefined);
  const known = [...attacks.values()].flatMap((rows) =>
    rows.filter(({ text }) => isBlocked(text)).slice(0, flags.short ? 8 : 60),
  );
  const found = known.map(({ text }) => text);
  share(
    'detection, shipped: 14 encodings',
    Object.values(encodings).flatMap((encode) => found.map((text) => encode(text))),
    99,
  );
  const padded = found
    .slice(0, flags.short ? 10 : 60)
    .flatMap((text) =>
      paddings.map(
        (padding) =>
          `${padding.repeat(Math.ceil((random.pick([8, 32, 128]) * 1024) / padding.length))} ${text}`,
      ),
    );
  share('detection, shipped: behind 8 to 128 KB of padding', padded, 100);
  fuzz(
    [...attacks.values()]
      .flatMap((rows) => rows.filter(({ text }) => isBlocked(text)).slice(0, fuzzed))
      .map(({ text }) => text),
  );
}

/** Attacks that nobody wrote down: the seed is not one of the training. */
function measureGrammar(): void {
  const written = Array.from({ length: flags.short ? 1000 : 20_000 }, () => attackValue(random));
  share('detection, shipped: grammar of attacks, new seed', written, undefined);
  share(
    'detection, shipped: the same, mutated',
    written.map((text) => mutateAttack(text, random)),
    undefined,
  );
}

/** A hundred rounds of twenty mutants that keep what gets furthest, in the manner of WAF-A-MoLE. */
function fuzz(texts: readonly string[]): void {
  let through = 0;
  for (const text of texts) {
    let best = text;
    let least = fitness(text);
    for (let round = 0; round < rounds && least >= 1; round += 1) {
      const from = best;
      for (let mutant = 0; mutant < mutants; mutant += 1) {
        const next = mutateAttack(from, random, 1);
        if (next === from || next.length > longestMutant) continue;
        const score = fitness(next);
        if (score < least) [best, least] = [next, score];
      }
    }
    if (least >= 1) continue;
    through += 1;
    if (through <= 20) talk(`got through: ${JSON.stringify(best)} (was ${JSON.stringify(text)})`);
  }
  figures.push(percent(`mutants that get through, ${rounds} rounds of ${mutants}`, through, texts.length, 1));
}

/** At least 1 where it is blocked. */
function fitness(text: string): number {
  const { score, action } = judge.judge(text, 'query');
  return action === 'block' || action === 'escalate' ? 1 + score : score;
}

function isBlocked(text: string): boolean {
  return fitness(text) >= 1;
}

function share(measure: string, texts: readonly string[], goal: number | undefined): void {
  figures.push(percent(measure, texts.filter(isBlocked).length, texts.length, goal));
}
