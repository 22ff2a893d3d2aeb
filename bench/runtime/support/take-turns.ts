import type { Contender } from './contender.ts';

/**
 * One round unrecorded, then rounds in which all take their turn (A B A B), so that a machine that grows slower
 * meanwhile hits all of them.
 * @returns the samples of each contender, by its name
 */
export async function takeTurns(
  contenders: readonly Contender[],
  rounds: number,
  measure: (contender: Contender, round: number) => Promise<number>,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const samples = new Map<string, number[]>(contenders.map(({ name }) => [name, []]));
  for (let round = 0; round <= rounds; round++) {
    for (const contender of contenders) {
      const sample = await measure(contender, round);
      if (round > 0) samples.get(contender.name)?.push(sample);
    }
  }
  return samples;
}
