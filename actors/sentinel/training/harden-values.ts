import { FeatureExtractor } from '../learning/feature-extractor.ts';
import { forwardPass, type Network } from '../learning/network.ts';
import { attackValue } from './attack-grammar.ts';
import type { Example } from './examples.ts';
import { fuzzAttack } from './fuzz-attack.ts';
import { honestValue } from './honest-grammar.ts';
import { Random } from './random.ts';
import type { TrainingRow } from './read-training-rows.ts';
import { sampleRows } from './sample-rows.ts';
import { longText } from './value-examples.ts';

const attacksPerSource = 60;
const grammarAttacks = 150;
const fuzzing = { rounds: 10, mutants: 10 };
/** An attack that scores less after the search is learned again. */
const sure = 5;
/** Honest text that scores more is learned again. */
const doubtful = -3;
/** Share of the honest rows that is looked through each time. */
const looked = 0.4;
const composed = 2000;
const grammarValues = 20_000;
const mostHonest = 6000;
const attackWeight = 1.5;
const honestWeight = 2;

/**
 * What the network of the moment finds hard, for the next epoch: attacks rewritten until they score least, and those
 * of a large pool of honest text that score most.
 * @param rows of the training, spare lines too
 */
export function hardenValues(
  rows: readonly TrainingRow[],
  seed: number,
): (network: Network, epoch: number) => Example[] {
  const extractor = new FeatureExtractor('values');
  const values = rows.filter(({ kind }) => kind === 'param');
  const attacks = values.filter(({ attack }) => attack);
  const honest = values.filter(({ attack }) => !attack);
  return (network, epoch) => {
    const random = new Random(seed * 1000 + epoch);
    const score = (text: string): number => {
      let worst = Number.NEGATIVE_INFINITY;
      for (const window of extractor.extract(text)) worst = Math.max(worst, forwardPass(network, window));
      return worst;
    };
    const out: Example[] = [];
    const starts = sampleRows(attacks, attacksPerSource, random).map(({ text }) => text);
    for (let count = 0; count < grammarAttacks; count += 1) starts.push(attackValue(random));
    for (const start of starts) {
      // A start that is not recognised may be none; learning its rewritings would teach noise.
      if (score(start) < 0) continue;
      const { text, fitness } = fuzzAttack(start, score, fuzzing, random);
      if (fitness < sure) out.push({ windows: extractor.extract(text), attack: true, weight: attackWeight });
    }
    const found: { readonly text: string; readonly score: number }[] = [];
    const look = (text: string): void => {
      const one = score(text);
      if (one > doubtful) found.push({ text, score: one });
    };
    for (const { text } of honest) if (random.chance(looked)) look(text);
    for (let count = 0; count < composed; count += 1) look(longText(honest, random));
    for (let count = 0; count < grammarValues; count += 1) look(honestValue(random));
    found.sort((a, b) => b.score - a.score);
    for (const { text } of found.slice(0, mostHonest)) {
      out.push({ windows: extractor.extract(text), attack: false, weight: honestWeight });
    }
    return out;
  };
}
