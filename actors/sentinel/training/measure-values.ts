import { inspectValue } from '../inspect/inspect-value.ts';
import { SqlGuard } from '../inspect/sql-guard.ts';
import { FeatureExtractor } from '../learning/feature-extractor.ts';
import { forwardPass, type Network } from '../learning/network.ts';
import { encodings } from './encode-text.ts';
import { fuzzAttack } from './fuzz-attack.ts';
import type { Measured } from './measured.ts';
import type { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';
import { sampleRows } from './sample-rows.ts';

const samplesPerSource = 40;
const paddedPerSource = 12;
const fuzzedPerSource = 30;
const fuzzing = { rounds: 100, mutants: 20 };
const throughAt = 4;
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
  const measure = (row: TrainingRow, text: string, check: Measured['check']): Measured => {
    const query = inspectValue(guard, text, 'query');
    const body = inspectValue(guard, text, 'body');
    return {
      text,
      attack: row.attack,
      source: row.source,
      check,
      logit: Math.max(...extractor.extract(text).map((window) => forwardPass(network, window))),
      signature: query.match.score,
      bodySignature: body.match.score,
      asked: query.needsModel,
      bodyAsked: body.needsModel,
    };
  };
  const own = held.filter(({ kind, spare }) => kind === 'param' && !spare);
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
    out.push(measure(row, `${randomWords(random, random.pick([8, 32, 128]) * 1024)} ${row.text}`, 'padded'));
  }
  for (const row of sampleRows(found, fuzzedPerSource, random)) {
    // Until it is far below any threshold, or the rounds are over.
    const fitness = (text: string): number => {
      const { logit, signature } = measure(row, text, 'mutated');
      return logit + throughAt + (signature >= signatureBlocks ? 1000 : 0);
    };
    out.push(measure(row, fuzzAttack(row.text, fitness, fuzzing, random).text, 'mutated'));
  }
  return out;
}

function randomWords(random: Random, size: number): string {
  let out = '';
  while (out.length < size) out += random.chance(0.16) ? ' ' : String.fromCharCode(97 + random.below(26));
  return out;
}
