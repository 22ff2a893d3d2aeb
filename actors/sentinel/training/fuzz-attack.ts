import type { Random } from './random.ts';
import { rewriteAttack } from './rewrite-attack.ts';

/** How long a fuzzer searches, as WAF-A-MoLE does. */
export interface Fuzzing {
  readonly rounds: number;
  readonly mutants: number;
}

const longest = 2000;
/** Mutants that are kept from round to round, so that a dead end is left again. */
const pool = 4;

/**
 * Looks for a way to write an attack that is not found: in each round mutants of the best ones so far.
 * @param fitness the lower, the nearer to getting through; 0 or less is through
 * @returns what got furthest
 */
export function fuzzAttack(
  start: string,
  fitness: (text: string) => number,
  { rounds, mutants }: Fuzzing,
  random: Random,
): { readonly text: string; readonly fitness: number } {
  let best = [{ text: start, fitness: fitness(start) }];
  for (let round = 0; round < rounds && best[0]!.fitness > 0; round += 1) {
    const tried = new Map(best.map((one) => [one.text, one.fitness]));
    for (let mutant = 0; mutant < mutants; mutant += 1) {
      const from = random.pick(best).text;
      const text = rewriteAttack(from, random, random.chance(0.3) ? 2 : 1);
      if (text.length > longest || tried.has(text)) continue;
      tried.set(text, fitness(text));
    }
    best = [...tried]
      .map(([text, score]) => ({ text, fitness: score }))
      .sort((a, b) => a.fitness - b.fitness)
      .slice(0, pool);
  }
  return best[0]!;
}
