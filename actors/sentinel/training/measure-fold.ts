import { SqlGuard } from '../inspect/sql-guard.ts';
import { FeatureExtractor, type ModelKind } from '../learning/feature-extractor.ts';
import { forwardPass, type Network } from '../learning/network.ts';
import type { HeldLogit } from './calibrate.ts';
import { injectIntoStatement } from './embed-in-statement.ts';
import { encodings } from './encode-text.ts';
import { mutateAttack } from './mutate-attack.ts';
import { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';

/** What a network that had not seen a text, and the signatures, said of it. */
export interface Measured extends HeldLogit {
  readonly text: string;
  /** Scores of the signatures as a parameter and as a string of a body; 0 for statements. */
  readonly signature: number;
  readonly bodySignature: number;
  /** The row itself, or what was done to it. */
  readonly check: 'row' | 'encoded' | 'padded' | 'mutated' | 'injected';
}

const samplesPerSource = 40;
const paddedPerSource = 12;
const fuzzedPerSource = 10;
const rounds = 100;
const mutants = 20;
const longestMutant = 1500;
const paddings = [
  'a',
  ' ',
  '0',
  'lorem ipsum dolor sit amet, ',
  "it's a 'fine' day (really); ",
  '/**/',
] as const;
const signatureBlocks = 0.85;

/** Measures the held rows of a fold, as they are, and those attacks that are found then in other spellings. */
export function measureFold(
  network: Network,
  held: readonly TrainingRow[],
  kind: ModelKind,
  seed: number,
): Measured[] {
  const extractor = new FeatureExtractor(kind);
  const guard = new SqlGuard();
  const random = new Random(seed);
  const measure = (row: TrainingRow, text: string, check: Measured['check']): Measured => {
    const logit = Math.max(...extractor.extract(text).map((window) => forwardPass(network, window)));
    const isValue = kind === 'values';
    return {
      text,
      attack: row.attack,
      source: row.source,
      check,
      logit,
      signature: isValue ? guard.inspect(text, 'query').score : 0,
      bodySignature: isValue ? guard.inspect(text, 'body').score : 0,
    };
  };
  const own = held.filter((row) => (row.kind === 'query') === (kind === 'statements'));
  const out = own.map((row) => measure(row, row.text, 'row'));
  const attacks = held.filter(({ attack, kind: of }) => attack && of === 'param');
  if (kind === 'statements') {
    const templates = own.filter(({ attack }) => !attack);
    for (const row of sample(attacks, templates.length === 0 ? 0 : samplesPerSource * 20, random)) {
      const text = injectIntoStatement(random.pick(templates).text, row.text, random);
      if (text !== undefined) out.push(measure(row, text, 'injected'));
    }
    return out;
  }
  // What nobody finds as it is need not be written differently.
  const known = new Set(
    out
      .filter(({ attack, logit, signature }) => attack && (logit > 0 || signature >= signatureBlocks))
      .map(({ text }) => text),
  );
  const found = attacks.filter(({ text }) => known.has(text));
  for (const row of sample(found, samplesPerSource, random)) {
    for (const encode of Object.values(encodings)) out.push(measure(row, encode(row.text), 'encoded'));
  }
  for (const row of sample(found, paddedPerSource, random)) {
    for (const padding of paddings) {
      const size = random.pick([8, 32, 128]) * 1024;
      out.push(measure(row, `${padding.repeat(Math.ceil(size / padding.length))} ${row.text}`, 'padded'));
    }
  }
  for (const row of sample(found, fuzzedPerSource, random)) {
    out.push(fuzz(measure(row, row.text, 'mutated'), (text) => measure(row, text, 'mutated'), random));
  }
  return out;
}

/** Keeps the mutant that gets furthest, round by round. */
function fuzz(start: Measured, measure: (text: string) => Measured, random: Random): Measured {
  let best = start;
  for (let round = 0; round < rounds; round += 1) {
    const from = best.text;
    for (let mutant = 0; mutant < mutants; mutant += 1) {
      const text = mutateAttack(from, random, 1);
      if (text === from || text.length > longestMutant) continue;
      const next = measure(text);
      if (fitness(next) < fitness(best)) best = next;
    }
  }
  return best;
}

function fitness({ logit, signature }: Measured): number {
  return logit + (signature >= signatureBlocks ? 1000 : 0);
}

function sample(rows: readonly TrainingRow[], perSource: number, random: Random): TrainingRow[] {
  const bySource = Map.groupBy(rows, ({ source }) => source);
  return [...bySource.values()].flatMap((list) => random.shuffle(list).slice(0, perSource));
}
