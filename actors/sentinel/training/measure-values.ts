import { SqlGuard } from '../inspect/sql-guard.ts';
import { FeatureExtractor } from '../learning/feature-extractor.ts';
import { forwardPass, type Network } from '../learning/network.ts';
import { encodings } from './encode-text.ts';
import type { Measured } from './measured.ts';
import { mutateAttack } from './mutate-attack.ts';
import type { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';
import { sampleRows } from './sample-rows.ts';

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

/** Measures held values as they are, and those attacks that are found then encoded, padded and mutated. */
export function measureValues(network: Network, held: readonly TrainingRow[], random: Random): Measured[] {
  const extractor = new FeatureExtractor('values');
  const guard = new SqlGuard();
  const measure = (row: TrainingRow, text: string, check: Measured['check']): Measured => ({
    text,
    attack: row.attack,
    source: row.source,
    check,
    logit: Math.max(...extractor.extract(text).map((window) => forwardPass(network, window))),
    signature: guard.inspect(text, 'query').score,
    bodySignature: guard.inspect(text, 'body').score,
  });
  const own = held.filter(({ kind }) => kind === 'param');
  const out = own.map((row) => measure(row, row.text, 'row'));
  const attacks = own.filter(({ attack }) => attack);
  // What nobody finds as it is need not be written differently.
  const known = new Set(
    out
      .filter(({ attack, logit, signature }) => attack && (logit > 0 || signature >= signatureBlocks))
      .map(({ text }) => text),
  );
  const found = attacks.filter(({ text }) => known.has(text));
  for (const row of sampleRows(found, samplesPerSource, random)) {
    for (const encode of Object.values(encodings)) out.push(measure(row, encode(row.text), 'encoded'));
  }
  for (const row of sampleRows(found, paddedPerSource, random)) {
    for (const padding of paddings) {
      const size = random.pick([8, 32, 128]) * 1024;
      out.push(measure(row, `${padding.repeat(Math.ceil(size / padding.length))} ${row.text}`, 'padded'));
    }
  }
  for (const row of sampleRows(found, fuzzedPerSource, random)) {
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
